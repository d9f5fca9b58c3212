"""The operations of a FHIR terminology server, for any date of service."""

from datetime import date

from ahead.lookup.catalog.editions import PARTIAL
from ahead.lookup.catalog.schemas import Found, Node, Release
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.catalog.spelling import SYSTEMS
from ahead.lookup.search.service import CodeSearch
from ahead.shared.errors import BadInput, NotFound

from .resources import Resource, edition_message, parameter, parameters, properties
from .systems import URIS, VALUE_SET

CODE_KINDS = ("category", "subcategory", "code", "extension")
MOST = 1_000
"""Codes in one answer of $expand."""
FOUND = 200
"""Hits that a filter pages through."""


class Terminology:
    def __init__(self, catalog: Catalog, search: CodeSearch) -> None:
        self._catalog = catalog
        self._search = search

    async def metadata(self, base: str) -> Resource:
        """The CapabilityStatement: which systems are held, and which operations there are."""
        held = await self._catalog.systems()
        return {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": self._catalog.today().isoformat(),
            "kind": "instance",
            "fhirVersion": "4.0.1",
            "format": ["json"],
            "implementation": {"description": "Case2Code", "url": base},
            "rest": [
                {
                    "mode": "server",
                    "documentation": "Every operation takes a date: the date of service.",
                    "resource": [
                        {
                            "type": "CodeSystem",
                            "operation": [
                                _operation("lookup", "CodeSystem"),
                                _operation("validate-code", "CodeSystem"),
                                _operation("subsumes", "CodeSystem"),
                            ],
                        },
                        {"type": "ValueSet", "operation": [_operation("expand", "ValueSet")]},
                        {"type": "ConceptMap", "operation": [_operation("translate", "ConceptMap")]},
                    ],
                }
            ],
            "extension": [
                {
                    "url": "urn:case2code:held",
                    "valueString": f"{info.name}: " + ", ".join(release.edition for release in info.releases),
                }
                for info in held
            ],
        }

    async def _find(self, system: str, code: str, day: date | None) -> tuple[Found, Node, Release]:
        found = await self._catalog.find(system, code, day)
        if found.node is None or found.edition.release is None:
            raise NotFound(
                found.edition.message, slug="no-edition-held", title="No edition is held for this date"
            )
        if found.node.kind not in CODE_KINDS:
            raise NotFound(f"{found.node.dotted} is a {found.node.kind}, not a code.", slug="not-a-code")
        return found, found.node, found.edition.release

    async def lookup(self, system: str, code: str, day: date | None) -> Resource:
        """Public facts of one code: they take no view.

        Raises:
            BadInput, NotFound: no such code, or no edition is held for the date.
        """
        found, node, release = await self._find(system, code, day)
        facts = await self._catalog.facts(release.id, node.code)
        return parameters(
            [
                parameter("name", valueString=SYSTEMS[system]),
                parameter("version", valueString=release.edition),
                parameter("display", valueString=node.title or node.dotted),
                *edition_message(found.edition),
                *properties(node, facts.ancestors, facts.children),
            ]
        )

    async def validate(self, system: str, code: str, display: str, day: date | None) -> Resource:
        """Whether the code is valid on the date. Without an edition for the date nothing is said to be invalid."""
        edition = await self._catalog.edition_for(system, day)
        if edition.release is None:
            raise NotFound(edition.message, slug="no-edition-held", title="No edition is held for this date")
        if edition.marked and system != "icd10cm":
            raise NotFound(
                f"Not checked: {edition.message}.",
                slug="no-edition-held",
                title="No edition is held for this date",
            )
        try:
            found, node, release = await self._find(system, code, day)
        except (BadInput, NotFound) as problem:
            if isinstance(problem, NotFound) and edition.release.kind in PARTIAL:
                raise  # not in a list of some codes: that says nothing
            said = " ".join(filter(None, (problem.detail, problem.hint)))
            return parameters(
                [parameter("result", valueBoolean=False), parameter("message", valueString=said)]
            )
        validity = await self._catalog.validity(found)
        said = [validity.text] if validity.status != "billable" or validity.marked else []
        right = not display or _same(display, node.title)
        if not right:
            said.append(f"The display of {node.dotted} is “{node.title}”.")
        answer = [
            parameter("result", valueBoolean=validity.status == "billable" and right),
            parameter("code", valueCode=node.dotted),
            parameter("system", valueUri=URIS[system]),
            parameter("version", valueString=release.edition),
            parameter("display", valueString=node.title or node.dotted),
        ]
        return parameters([*answer, *([parameter("message", valueString=" ".join(said))] if said else [])])

    async def subsumes(self, system: str, one: str, two: str, day: date | None) -> Resource:
        """How two codes stand to each other in the hierarchy."""
        _, first, release = await self._find(system, one, day)
        _, second, _ = await self._find(system, two, day)
        if first.code == second.code:
            said = "equivalent"
        elif any(node.code == first.code for node in await self._catalog.ancestors(release.id, second.code)):
            said = "subsumes"
        elif any(node.code == second.code for node in await self._catalog.ancestors(release.id, first.code)):
            said = "subsumed-by"
        else:
            said = "not-subsumed"
        return parameters([parameter("outcome", valueCode=said)])

    async def expand(self, system: str, text: str, offset: int, count: int, day: date | None) -> Resource:
        """Codes of a system, all in their order or those that a filter finds, a page of them.

        Raises:
            NotFound: no edition is held for the date.
        """
        edition = await self._catalog.edition_for(system, day)
        if edition.release is None:
            raise NotFound(edition.message, slug="no-edition-held", title="No edition is held for this date")
        release = edition.release
        count = min(count, MOST)
        if text.strip():
            scope = await self._search.scope(system, day)
            shown = max(0, min(count, FOUND - offset))
            answer = await self._search.search(
                text.strip(), scope, limit=max(shown, 1), offset=min(offset, FOUND - 1)
            )
            hits = answer.hits[:shown]
            total, codes = answer.total, [(hit.code, hit.title, hit.billable) for hit in hits]
        else:
            page = await self._catalog.codes(release.id, limit=count, offset=offset)
            total, codes = page.total, [(node.dotted, node.title, node.billable) for node in page.nodes]
        return {
            "resourceType": "ValueSet",
            "url": URIS[system] + VALUE_SET,
            "version": release.edition,
            "status": "active",
            "expansion": {
                "timestamp": edition.as_of.isoformat(),
                "total": total,
                "offset": offset,
                "parameter": [parameter("date", valueDateTime=edition.as_of.isoformat())]
                + [parameter("warning", valueString=edition.message)] * bool(edition.message),
                "contains": [
                    {"system": URIS[system], "code": code, "display": title or code}
                    | ({} if billable else {"abstract": True})
                    for code, title, billable in codes
                ],
            },
        }


def _operation(name: str, resource: str) -> Resource:
    return {"name": name, "definition": f"http://hl7.org/fhir/OperationDefinition/{resource}-{name}"}


def _same(one: str, two: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(two.casefold().split())
