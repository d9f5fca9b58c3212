"""Free ports on loopback."""

import errno
import random
import socket

from ahead.local.failure import Failure

# Below the range from which the system serves outgoing connections: nobody is handed one of ours meanwhile.
FIRST, LAST = 20_000, 32_000


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def free_ports(count: int) -> list[int]:
    """As many different ports that nothing listens on."""
    found: list[int] = []
    candidates = random.sample(range(FIRST, LAST), min(LAST - FIRST, count + 500))
    for port in candidates:
        if is_free(port):
            found.append(port)
        if len(found) == count:
            return found
    raise Failure("this machine has no free ports between 20000 and 32000: stop what holds them")


def next_to(port: int) -> int:
    """The next port, for strangers' files; any free one where it is taken."""
    return port + 1 if port < 65_535 and is_free(port + 1) else free_ports(1)[0]


def require_free(port: int) -> None:
    if port < 1024:
        raise Failure(f"port {port} needs special rights on most systems: choose one above 1023 with --port")
    if not is_free(port):
        raise Failure(
            f"port {port} is taken: stop what listens there (`ss -ltnp | grep {port}` shows it), "
            f"or choose another one with --port {port + 1}"
        )
