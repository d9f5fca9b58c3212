"""FHIR R4 resources as they are written: small dicts, because what is sent is JSON and nothing else."""

from collections.abc import Sequence
from typing import Any

from ahead.lookup.catalog.schemas import Edition, Node
from ahead.shared.errors import Problem

MEDIA_TYPE = "application/fhir+json"
Resource = dict[str, Any]

_ISSUES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    429: "throttled",
    503: "transient",
}


def parameter(name: str, **value: Any) -> Resource:
    return {"name": name, **value}


def parameters(parts: Sequence[Resource]) -> Resource:
    return {"resourceType": "Parameters", "parameter": list(parts)}


def outcome(problem: Problem) -> Resource:
    """What went wrong, and what to do."""
    code = (
        "business-rule" if problem.slug == "allowance-exhausted" else _ISSUES.get(problem.status, "exception")
    )
    said = " ".join(filter(None, (problem.detail or problem.title, problem.hint)))
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {"severity": "error", "code": code, "diagnostics": said, "details": {"text": problem.title}}
        ],
    }


def properties(node: Node, ancestors: Sequence[Node], children: Sequence[Node]) -> list[Resource]:
    """The public facts of a code: whether it may be billed, and where it stands."""

    def prop(code: str, **value: Any) -> Resource:
        return parameter("property", part=[parameter("code", valueCode=code), parameter("value", **value)])

    found = [
        prop("billable", valueBoolean=node.billable),
        prop("inactive", valueBoolean=False),
        prop("kind", valueCode=node.kind),
    ]
    if ancestors and ancestors[-1].kind not in ("chapter", "section"):
        found.append(prop("parent", valueCode=ancestors[-1].dotted))
    return found + [prop("child", valueCode=child.dotted) for child in children]


def edition_message(edition: Edition) -> list[Resource]:
    """What has to be said where the edition is not in its window."""
    return [parameter("message", valueString=edition.message)] if edition.message else []
