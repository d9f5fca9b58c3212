"""Tools made from the API itself: one per operation, so that no door can answer what another one may not.

An operation's address, parameters and body become the tool's input; its summary is the tool's description.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]

TAGS = frozenset({"search", "codes", "tools"})
_REF = "#/components/schemas/"


class Tool(NamedTuple):
    """`where`: by name, "path" or "query"; what is in neither is the body's."""

    name: str
    description: str
    method: str
    path: str
    where: dict[str, str]
    has_body: bool
    input_schema: Schema


def tools_of(openapi: Schema, prefix: str) -> dict[str, Tool]:
    """The tools by name.

    Args:
        openapi: the service's document.
        prefix: of the addresses: "/api/lookup/v1".
    """
    found: dict[str, Tool] = {}
    for path, operations in openapi["paths"].items():
        if not path.startswith(prefix):
            continue
        for method, operation in operations.items():
            if method not in ("get", "post") or not TAGS & set(operation.get("tags", ())):
                continue
            tool = _tool(openapi, method, path, path.removeprefix(prefix), operation)
            if tool is not None:
                found[tool.name] = tool
    return found


def _tool(openapi: Schema, method: str, path: str, short: str, operation: Schema) -> Tool | None:
    properties: Schema = {}
    required: list[str] = []
    where: dict[str, str] = {}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] not in ("path", "query"):
            continue
        name = parameter["name"]
        where[name] = parameter["in"]
        schema = dict(parameter.get("schema", {}))
        if said := parameter.get("description"):
            schema["description"] = said
        properties[name] = schema
        if parameter.get("required"):
            required.append(name)
    body = operation.get("requestBody", {}).get("content", {})
    if body and "application/json" not in body:
        return None
    has_body = bool(body)
    if has_body:
        schema = _resolved(openapi, body["application/json"]["schema"])
        if schema.get("type") != "object":
            return None
        properties |= schema.get("properties", {})
        required += schema.get("required", [])
    whole: Schema = {"type": "object", "properties": properties}
    if required:
        whole["required"] = required
    return Tool(
        name_of(short),
        operation.get("summary") or operation.get("description") or short,
        method.upper(),
        path,
        where,
        has_body,
        _with_definitions(openapi, whole),
    )


def name_of(path: str) -> str:
    """ "/tools/claim-check" becomes "claim_check", "/codes/{system}/{code}/{section}" "codes_section"."""
    parts = [part for part in path.split("/") if part]
    if parts and parts[0] == "tools":
        parts = parts[1:]
    fixed = [part for part in parts if not part.startswith("{")]
    if parts and parts[-1].startswith("{") and len(parts) > 3:
        fixed.append(re.sub(r"\W.*", "", parts[-1].strip("{}")))
    return re.sub(r"\W", "_", "_".join(fixed))


def _resolved(openapi: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = openapi["components"]["schemas"][schema["$ref"].removeprefix(_REF)]
    return schema


def _with_definitions(openapi: Schema, schema: Schema) -> Schema:
    """The schema with everything it names beside it: a client sees this one alone."""
    needed: dict[str, Schema] = {}
    waiting = list(_names(schema))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = openapi["components"]["schemas"][name]
            waiting += _names(needed[name])
    whole = _rewritten(schema)
    if needed:
        whole["$defs"] = {name: _rewritten(found) for name, found in sorted(needed.items())}
    return whole


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref" and isinstance(inner, str) and inner.startswith(_REF):
                yield inner.removeprefix(_REF)
            else:
                yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def _rewritten(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: inner.replace(_REF, "#/$defs/")
            if key == "$ref" and isinstance(inner, str)
            else _rewritten(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_rewritten(inner) for inner in value]
    return value
