"""A code page's content for a date of service, put together from the catalogue. Knows nothing of who asks."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from ahead.lookup.catalog.cache import LRU
from ahead.lookup.catalog.schemas import CodeFacts, Edition, Found
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.catalog.spelling import SYSTEMS
from ahead.lookup.catalog.validity import judge
from ahead.lookup.codes import sections
from ahead.lookup.codes.panels import (
    Contribution,
    Contributor,
    Grouping,
    OwnedText,
    Owner,
    StandIn,
    Subject,
    gather,
)
from ahead.lookup.codes.schemas import (
    Access,
    CodeView,
    CommonLanguage,
    Content,
    EditionInfo,
    Place,
    Section,
    allowance_state,
)
from ahead.lookup.descriptions.service import describe
from ahead.shared.errors import NotFound
from ahead.shared.web.allowance import Allowance

CODE_KINDS = frozenset({"category", "subcategory", "code", "extension"})


CONTRIBUTIONS_CACHED = 2_000


class CodePages:
    """Args:
    contributors: what features say of a code, in the order of the page.
    owners: where the texts of code systems are had whose titles are their owner's.
    stand_ins: of code systems, what is shown of a code that the edition of the date doesn't have.
    groupings: of code systems whose titles are their owner's, what a public source calls the group of a code.
    """

    def __init__(
        self,
        catalog: Catalog,
        contributors: Sequence[Contributor] = (),
        owners: Mapping[str, Owner] | None = None,
        stand_ins: Mapping[str, StandIn] | None = None,
        groupings: Mapping[str, Grouping] | None = None,
    ) -> None:
        self._catalog = catalog
        self._owners = dict(owners or {})
        self._stand_ins = dict(stand_ins or {})
        self._groupings = dict(groupings or {})
        self._contributors = tuple(contributors)
        self._contributions: LRU[tuple[int, int, str, date], dict[str, Contribution]] = LRU(
            CONTRIBUTIONS_CACHED
        )
        self._views: LRU[tuple[int, int, str, date, Access], CodeView] = LRU(CONTRIBUTIONS_CACHED)

    def today(self) -> date:
        return self._catalog.today()

    async def find(self, system: str, code: str, as_of: date | None) -> Found:
        """Raises BadInput for what can't be a code, NotFound for one that neither the edition nor what stands in for
        it has. Of a code that stands in the edition `judges` nothing.
        """
        stand_in = self._stand_ins.get(system)
        try:
            found = await self._catalog.find(system, code, as_of)
        except NotFound:
            edition = await self._catalog.edition_for(system, as_of)
            other = await stand_in.of(edition, code) if stand_in is not None else None
            if other is None:
                raise
            return other
        if found.node is not None or stand_in is None:
            return found
        return await stand_in.of(found.edition, code) or found

    async def content(self, found: Found, *, full: bool, section: str | None = None) -> Content:
        """Everything held of a node that was found.

        Args:
            full: with what features contribute to the sections; leave it out for who may not see it.
            section: of the contributions only those to this section.
        """
        assert found.node is not None, "nothing was found"
        assert found.edition.release is not None, "no edition is held"
        facts = await self._facts(found)
        version = await self._catalog.version()
        validity = judge(found.edition, facts)
        owner = self._owners.get(found.node.system)
        owned = await owner.text(found.node.code, found.edition.as_of) if owner is not None else None
        grouping = self._groupings.get(found.node.system)
        grouped = await grouping.group(found.node.code, found.edition.as_of) if grouping is not None else None
        content = Content(found.edition, facts, validity, version=version, owned=owned, grouped=grouped)
        if not full:
            return content
        key = (version, found.edition.release.id, found.node.code, found.edition.as_of)
        contributions = self._contributions.get(key)
        if contributions is None:
            wanted = sections.SECTIONS if section is None else (section,)
            contributions = await gather(self._contributors, _subject(content), wanted)
            if section is None:
                self._contributions.put(key, contributions)
        return msgspec.structs.replace(content, contributions=contributions)

    async def _facts(self, found: Found) -> CodeFacts:
        node, edition = found.node, found.edition
        assert node is not None, "nothing was found"
        assert edition.release is not None, "no edition is held"
        if not edition.judges:
            return await self._stand_ins[node.system].facts(found)
        return await self._catalog.facts(edition.release.id, node.code)

    def view(self, content: Content, access: Access, allowance: Allowance | None) -> CodeView:
        """`view_of`, made once for everybody with the same access."""
        node = content.node
        key = (content.version, node.release_id, node.code, content.edition.as_of, access)
        made = self._views.get(key)
        if made is None:
            made = view_of(content, access, None)
            self._views.put(key, made)
        return msgspec.structs.replace(made, allowance=allowance_state(allowance) if allowance else None)


def _subject(content: Content) -> Subject:
    node = content.node
    return Subject(
        node.system, node.code, node.dotted, node.title, content.edition.as_of, node.billable, content.facts
    )


def place_of(content: Content) -> Place:
    facts = content.facts
    node = facts.node
    public = owned_for(content, "public")
    title = node.title
    if content.grouped is not None and content.grouped.name:
        title = f"{title} · {content.grouped.name}"
    return Place(
        system=node.system,
        system_name=SYSTEMS[node.system],
        code=node.dotted,
        kind=node.kind,
        title=public.text if public else title,
        title_origin="official" if public else node.title_origin,
        billable=node.billable,
        ancestors=tuple(sections.ref(one) for one in facts.ancestors),
        children=tuple(sections.ref(one) for one in facts.children),
        children_total=node.children,
    )


def edition_info(edition: Edition) -> EditionInfo:
    release = edition.release
    return EditionInfo(
        as_of=edition.as_of,
        status=edition.status,
        message=edition.message,
        edition=release.edition if release else "",
        window_from=release.window_from if release else None,
        window_to=release.window_to if release else None,
    )


def owned_for(content: Content, access: Access) -> OwnedText | None:
    """The owner's words on the code, if this access may see them."""
    owned = content.owned
    return owned if owned is not None and (owned.public or access == "full") else None


def view_of(content: Content, access: Access, allowance: Allowance | None) -> CodeView:
    """What a visitor of this access gets: nothing protected is in it that the access doesn't open."""
    full = access == "full"
    owned = owned_for(content, access)
    title = content.node.title if content.node.title_origin != "not_held" else ""
    return CodeView(
        access=access,
        as_of=content.edition.as_of,
        edition=edition_info(content.edition),
        place=place_of(content),
        official_description=owned.text if owned else title,
        common_language=common_language(content) if access != "public" else None,
        sections=sections.all_sections(content) if full else sections.locked_sections(),
        allowance=allowance_state(allowance) if allowance else None,
        owned=owned,
    )


def common_language(content: Content) -> CommonLanguage:
    description = describe(content.facts)
    first, *rest = description.paragraphs
    said = (content.grouped.sentence,) if content.grouped is not None else ()
    return CommonLanguage((first, *said, *rest), description.origin)


def one_section(content: Content, key: str) -> Section:
    """Raises NotFound when there is no such section."""
    try:
        return sections.section(content, key)
    except KeyError:
        raise NotFound(
            "There is no section of that name.",
            slug="unknown-section",
            hint="Sections are: " + ", ".join(sections.SECTIONS) + ".",
        ) from None
