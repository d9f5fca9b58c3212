"""Writes docs/settings.md from the settings' own descriptions: `python -m ahead.local.settings_docs`.

A test compares the file with what this module would write, and looks for variables in the code that it lacks.
"""

import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

import ahead
from ahead.local import place

HEAD = """# Settings

Environment variables. `./ahead up` sets addresses and secrets itself; a value that is set outside wins, except
for the addresses of servers that it starts. Written from the code: `.venv/bin/python -m ahead.local.settings_docs`.
"""

# What no settings class reads: by the program `ahead`, by the gateway, by tests, or one for each service.
LOCAL = {
    "AHEAD_PYTHON": "The Python that `./ahead` makes its environment with; else one is looked for.",
    "AHEAD_ROOT": "The source tree; set by `./ahead`, else looked for upwards from the working directory.",
    "AHEAD_GATEWAY_BIND": "Interface on which `ahead up` listens; default 127.0.0.1.",
    "AHEAD_NATS_PASSWORD": "Password of the local NATS; made once.",
    "AHEAD_REDIS_PASSWORD": "Password of the local Redis; made once.",
    "AHEAD_MEILISEARCH_MASTER_KEY": "Master key of the local Meilisearch; made once, no service gets it.",
    "AHEAD_NATS_MONITOR_URL": "Monitoring address of NATS, where the supervisor checks `sync_interval`.",
    "AHEAD_READY_FILE": "Set for a process without HTTP: the file it makes once it is ready.",
    "AHEAD_PROGRESS_FD": "Set for the process that prepares the data: where it reports how far it is.",
}
EVERY_SERVICE = {
    "AHEAD_URL_<SERVICE>": "Address of a service for the others; unset means not installed.",
    "AHEAD_<SERVICE>_SERVICE_KEY": "Key with which a service gets its tokens from accounts; 32 characters or more.",
}
GATEWAY = {
    "AHEAD_GATEWAY_ADDRESS": "What Caddy serves: `http://:8080`, or `https://` and the name.",
    "AHEAD_DOWNLOADS_ADDRESS": "What Caddy serves strangers' files on: `http://:8081`, or `https://` and the name.",
    "AHEAD_GATEWAY_HOST": "Host name of the public address; other names are sent there.",
    "AHEAD_GATEWAY_PROXIES": "Networks of load balancers in front, whose X-Forwarded-For is believed.",
    "AHEAD_UPSTREAM_<SERVICE>": "`host:port` of a service; of one that isn't installed, lookup's.",
}
TESTS = {
    "AHEAD_CRASH_AT": "Name of a place in the code where the process kills itself; never set in production.",
    "AHEAD_OFFICIAL_DATA": "Folder of the publishers' files; default `../shared/data` where it exists.",
    "AHEAD_EVAL_DATA": "Folder of evaluation sets; default `../shared/eval` where it exists.",
    "AHEAD_MAIL_DATA": "Folder of mail corpora; default `../shared/mail` where it exists.",
    "AHEAD_REQUIRE_DATA": "With 1, tests that need these folders fail instead of being skipped.",
}


def settings_classes() -> dict[str, type[BaseSettings]]:
    """All settings classes of the installed members, by their prefix."""
    found: dict[str, type[BaseSettings]] = {}
    for _, name, _ in pkgutil.iter_modules(ahead.__path__):
        if importlib.util.find_spec(f"ahead.{name}.settings") is None:
            continue
        module = importlib.import_module(f"ahead.{name}.settings")
        for value in vars(module).values():
            if inspect.isclass(value) and issubclass(value, BaseSettings) and value is not BaseSettings:
                found[str(value.model_config.get("env_prefix", ""))] = value
    return found


def variables(prefix: str, settings: type[BaseSettings]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in settings.model_fields.items():
        # A name that the whole platform knows has no prefix of its service.
        own = field.validation_alias
        yield (own if isinstance(own, str) else f"{prefix}{name}".upper()), field


def text() -> str:
    classes = settings_classes()
    parts = [HEAD]
    for prefix in sorted(classes, key=lambda prefix: (prefix != "AHEAD_", prefix)):
        name = prefix.removeprefix("AHEAD_").rstrip("_").lower()
        parts.append(
            f"\n## {name.capitalize() or 'All services'}\n\n| variable | default | what it is |\n|---|---|---|\n"
        )
        for variable, field in variables(prefix, classes[prefix]):
            default = "" if field.is_required() or field.default in ("", None) else f"`{field.default}`"
            parts.append(f"| `{variable}` | {default} | {field.description or ''} |\n")
    groups = {"Each service": EVERY_SERVICE, "Gateway": GATEWAY, "The program ahead": LOCAL, "Tests": TESTS}
    for title, rows in groups.items():
        parts.append(f"\n## {title}\n\n| variable | what it is |\n|---|---|\n")
        parts += [f"| `{name}` | {what} |\n" for name, what in rows.items()]
    return "".join(parts)


def path() -> Path:
    return place.root() / "docs" / "settings.md"


if __name__ == "__main__":
    path().write_text(text())
    print(f"wrote {path()}", file=sys.stderr)
