"""Comparisons of editions as a page and as a file of comma-separated values."""

from typing import Annotated
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.catalog.spelling import SYSTEMS
from ahead.lookup.parameters import PageNumber
from ahead.lookup.releasediff.downloading import as_csv, file_name
from ahead.lookup.releasediff.service import ReleaseDiff
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.web.templating import Page

Text = Annotated[str, QueryParameter(max_length=80)]
ON_A_PAGE = 200
WORDS = {
    "added": ("Added", "success"),
    "deleted": ("Deleted", "danger"),
    "revised": ("Title revised", "info"),
    "billable": ("Billable changed", "warning"),
    "not_compared": ("Titles not comparable", ""),
}


class ReleaseDiffPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/release-diff")
    async def release_diff(
        self,
        releases: NamedDependency[ReleaseDiff],
        system: Text = "",
        old: Text = "",
        new: Text = "",
        kind: Text = "",
        page: PageNumber = 1,
    ) -> Page:
        systems = await releases.systems()
        found, error = None, ""
        if system:
            try:
                found = await releases.difference(
                    system,
                    old,
                    new,
                    kinds=(kind,) if kind else (),
                    offset=(page - 1) * ON_A_PAGE,
                    limit=ON_A_PAGE,
                )
            except (BadInput, NotFound) as problem:
                error = f"{problem.detail} {problem.hint}".strip()
        query = {"system": system}
        if found is not None:
            query |= {"old": str(found.old.id), "new": str(found.new.id)}
        query |= {"kind": kind} if kind else {}
        return Page(
            "releasediff/releases.html",
            {
                "systems": [(key, SYSTEMS[key]) for key in systems],
                "editions": [
                    (str(r.id), f"{SYSTEMS[r.system]} {r.edition}") for held in systems.values() for r in held
                ],
                "found": found,
                "error": error,
                "typed": {
                    "system": system,
                    "old": query.get("old", old),
                    "new": query.get("new", new),
                    "kind": kind,
                },
                "words": WORDS,
                "words_list": [(key, word) for key, (word, _) in WORDS.items()],
                "page": page,
                "pages": 1 if found is None else max(1, -(-found.total // ON_A_PAGE)),
                "address": f"/tools/release-diff?{urlencode(query)}&page={{page}}",
                "download": f"/tools/release-diff.csv?{urlencode(query)}",
            },
        )

    @get("/tools/release-diff.csv", media_type="text/csv")
    async def download(
        self,
        releases: NamedDependency[ReleaseDiff],
        system: Text,
        old: Text = "",
        new: Text = "",
        kind: Text = "",
    ) -> Response[str]:
        head, changes = await releases.all_changes(system, old, new, (kind,) if kind else ())
        return Response(
            as_csv(changes),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{file_name(head)}"',
                "Cache-Control": "no-store",
            },
        )
