"""Whatever a tool is asked over HTTP: an answer, or a refusal that says why. Never a failure of ours."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from platform_process import PlatformProcess

pytestmark = pytest.mark.e2e

PREFIX = "/api/lookup/v1/tools/"
STRANGE: tuple[Any, ...] = (
    None,
    -1,
    1e308,
    True,
    "",
    "\x00",
    "🩺" * 3000,
    [],
    [[]],
    {},
    {"a": {"b": []}},
    "2026-13-45",
)
BODIES = (b"", b"{", b"null", b"[]", b'"text"', b"{}", b"\xff\xfe", b"[" * 5000)


def resolved(schema: Any, document: dict[str, Any]) -> dict[str, Any]:
    while isinstance(schema, dict) and "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = document["components"]["schemas"][name]
    return schema if isinstance(schema, dict) else {}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        if path.startswith(PREFIX) and "{" not in path:
            for method, operation in methods.items():
                yield method, path, operation


def bodies(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[bytes]:
    yield from BODIES
    content = operation["requestBody"]["content"]
    schema = resolved(content.get("application/json", next(iter(content.values())))["schema"], document)
    for name in schema.get("properties", {}):
        for value in STRANGE:
            yield json.dumps({name: value}).encode()


def complaint(what: str, answer: httpx.Response) -> str:
    """What is wrong with an answer; empty where it is one, or a clear refusal."""
    if answer.status_code < 400:
        return ""
    if answer.status_code >= 500:
        return f"{what}: {answer.status_code}"
    said = answer.json()
    return "" if said.get("title") and said.get("status") == answer.status_code else f"{what}: {said}"


def test_every_tool_answers_or_says_what_is_wrong(platform: PlatformProcess) -> None:
    with platform.client() as guest:
        document = guest.get("/api/lookup/v1/openapi.json").json()
        asked, wrong = 0, list[str]()
        for method, path, operation in operations(document):
            if method == "get":
                for parameter in operation.get("parameters", ()):
                    for value in ("", "\x00", "🩺" * 500, "-1", "2026-13-45", "'; drop table"):
                        answer = guest.get(path, params={parameter["name"]: value})
                        wrong.append(complaint(f"{path}?{parameter['name']}={value[:20]!r}", answer))
                        asked += 1
            elif "requestBody" in operation:
                for body in bodies(operation, document):
                    headers = {"Content-Type": "application/json"}
                    answer = guest.request(method, path, content=body, headers=headers)
                    wrong.append(complaint(f"{method} {path} {body[:60]!r}", answer))
                    asked += 1
        assert asked > 100
        assert not (found := [one for one in wrong if one]), "\n".join(found)
