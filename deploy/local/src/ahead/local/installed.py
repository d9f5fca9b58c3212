"""Which services are installed: what their entry points publish."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from ahead.local.failure import Failure
from ahead.shared.processes import Service

PROCESSES = "ahead.processes"
COMMANDS = "ahead.commands"


@cache
def services() -> tuple[Service, ...]:
    """All installed services, by name.

    Raises:
        Failure: one is installed but can't be imported.
    """
    found = [_load(point) for point in entry_points(group=PROCESSES)]
    if not found:
        raise Failure("no service is installed: delete .venv and start again, it is made anew")
    return tuple(sorted(found, key=lambda service: service.name))


def commands() -> dict[str, EntryPoint]:
    """The commands that services bring, by name; not loaded, because that costs a second each."""
    return {point.name: point for point in entry_points(group=COMMANDS)}


def _load(point: EntryPoint) -> Service:
    try:
        service = point.load()
    except ModuleNotFoundError as error:
        raise Failure(
            f"the service {point.name} needs the package {error.name}, which is missing: "
            "delete .venv and start again, it is made anew"
        ) from error
    if not isinstance(service, Service):
        raise Failure(f"the entry point {point.name} of {PROCESSES} is no Service: {point.value}")
    return service
