"""The page of a code that the edition of the date doesn't have, but another edition held does."""

from datetime import date

from ahead.lookup.catalog import spelling
from ahead.lookup.codes.access import Views
from ahead.lookup.codes.pages import code_address
from ahead.lookup.gems.schemas import Conversion
from ahead.lookup.gems.service import Crosswalks
from ahead.shared.auth.principal import Principal
from ahead.shared.web.templating import Page

from .schemas import Gone
from .service import Histories

_LICENSED = frozenset({"cpt"})


class GonePages:
    """When a code was deleted or begins is public. What took its place is a part of its page: it is shown to whom
    that page is open already, and takes no view; an answer that is no page takes none."""

    def __init__(self, histories: Histories, crosswalks: Crosswalks) -> None:
        self._histories = histories
        self._crosswalks = crosswalks

    async def page(
        self, views: Views, principal: Principal, system: str, code: str, as_of: date
    ) -> Page | None:
        """None where no edition held has the code."""
        if system in _LICENSED:
            return None
        key = spelling.read(system, code).key
        gone = await self._histories.gone(system, key, as_of)
        if gone is None:
            return None
        replacements = await self._replacements(views, principal, gone, key)
        return Page(
            "history/gone.html",
            {"gone": gone, "replacements": replacements, "address": code_address},
            status_code=404,
        )

    async def _replacements(
        self, views: Views, principal: Principal, gone: Gone, key: str
    ) -> tuple[Conversion, ...]:
        if gone.system != "icd10cm" or not principal.registered:
            return ()
        granted = await views.look(principal, f"{gone.system}/{gone.code}")
        if granted is None or granted.access != "full":
            return ()
        _, own, later = await self._crosswalks.conversions(key, gone.as_of)
        return later if gone.deleted else own
