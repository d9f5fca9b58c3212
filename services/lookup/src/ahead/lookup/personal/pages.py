"""What an account keeps for itself as pages, and its box on the page of a code. All of it works without scripts."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from ahead.lookup.catalog.spelling import SYSTEMS
from ahead.lookup.parameters import read_as_of
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput, Conflict, NotFound
from ahead.shared.web.templating import Page

from .codes import code_of
from .exporting import Kind, export
from .lists import read_codes
from .schemas import KEYWORD_LENGTH, NAME_LENGTH, NOTE_LENGTH, OwnOfCode
from .service import Personal

AnyRequest = Request[Any, Any, Any]
Mine = NamedDependency[Personal]
Asker = NamedDependency[Principal]
HOME = "/tools/personal"
SHOWN = 200
"""Rows of a kind on a page; the download has all."""
LIMITS = {"note": NOTE_LENGTH, "keyword": KEYWORD_LENGTH, "name": NAME_LENGTH}


def box(own: OwnOfCode, as_of: date | None, *, error: str = "", typed: str | None = None) -> dict[str, Any]:
    """The context of `personal/box.html`.

    Args:
        as_of: the date of the page to come back to.
        typed: a note that couldn't be kept, so that it isn't lost.
    """
    back = f"?as_of={as_of.isoformat()}" if as_of else ""
    return {
        "own": own,
        "limits": LIMITS,
        "error": error,
        "typed_note": own.note if typed is None else typed,
        "action": f"{HOME}/codes/{own.system}/{quote(own.code)}{back}",
    }


class PersonalPages(Controller):
    include_in_schema = False
    path = HOME

    @get("/")
    async def home(self, personal: Mine, principal: Asker) -> Page:
        if not principal.registered:
            return Page("personal/register.html")
        return await _home(personal, principal)

    @get("/export.csv", guards=[requires_account])
    async def table(
        self,
        personal: Mine,
        principal: Asker,
        kind: Annotated[Kind | None, QueryParameter(name="kind")] = None,
    ) -> Response[str]:
        return await export(personal, principal, kind)

    @get("/codes/{system:str}/{code:str}", guards=[requires_account])
    async def code(
        self, personal: Mine, principal: Asker, system: FromPath[str], code: FromPath[str]
    ) -> Page:
        own = await personal.of_code(principal.subject, system, code)
        return Page("personal/code.html", {**box(own, None), "system_name": SYSTEMS[own.system]})

    @post("/codes/{system:str}/{code:str}", status_code=200, guards=[requires_account])
    async def change_code(
        self,
        request: AnyRequest,
        personal: Mine,
        principal: Asker,
        system: FromPath[str],
        code: FromPath[str],
        as_of: Annotated[str | None, QueryParameter(name="as_of")] = None,
    ) -> Page | Redirect:
        when = read_as_of(as_of)
        system, code = code_of(system, code)
        form = {name: str(value) for name, value in (await request.form()).items()}
        error, typed = "", None
        try:
            await _change(personal, principal.subject, system, code, form)
        except (BadInput, Conflict, NotFound) as problem:
            error = f"{problem.detail} {problem.hint}".strip()
            typed = form.get("note") if form.get("do") == "note" else None
        fragment = request.headers.get("hx-request") == "true"
        if not error and not fragment:
            back = f"?as_of={when.isoformat()}" if when else ""
            return Redirect(f"/codes/{system}/{quote(code)}{back}#personal", status_code=303)
        own = await personal.of_code(principal.subject, system, code)
        context = box(own, when, error=error, typed=typed)
        if fragment:
            return Page("personal/box.html", context)
        return Page("personal/code.html", {**context, "system_name": SYSTEMS[system]}, status_code=400)

    @post("/lists", status_code=200, guards=[requires_account])
    async def begin_list(self, request: AnyRequest, personal: Mine, principal: Asker) -> Page | Redirect:
        name = str((await request.form()).get("name", ""))
        try:
            list_id = await personal.lists.create(principal.subject, name)
        except (BadInput, Conflict) as problem:
            return await _home(personal, principal, f"{problem.detail} {problem.hint}".strip(), name)
        return Redirect(f"{HOME}/lists/{list_id}", status_code=303)

    @get("/lists/{list_id:str}", guards=[requires_account])
    async def list_page(self, personal: Mine, principal: Asker, list_id: FromPath[str]) -> Page:
        return await _list_page(personal, principal, list_id)

    @get("/lists/{list_id:str}/export.csv", guards=[requires_account])
    async def list_table(self, personal: Mine, principal: Asker, list_id: FromPath[str]) -> Response[str]:
        return await export(personal, principal, list_id=list_id)

    @post("/lists/{list_id:str}", status_code=200, guards=[requires_account])
    async def change_list(
        self, request: AnyRequest, personal: Mine, principal: Asker, list_id: FromPath[str]
    ) -> Page | Redirect:
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            gone = await _change_list(personal, principal.subject, list_id, form)
        except (BadInput, Conflict) as problem:
            error = f"{problem.detail} {problem.hint}".strip()
            return await _list_page(personal, principal, list_id, error, form)
        return Redirect(f"{HOME}#lists" if gone else f"{HOME}/lists/{list_id}", status_code=303)


async def _change(personal: Personal, account: str, system: str, code: str, form: dict[str, str]) -> None:
    """One of the box's forms."""
    match form.get("do"):
        case "star" | "unstar" as do:
            await personal.star(account, system, code, do == "star")
        case "note":
            await personal.write_note(account, system, code, form.get("note", ""))
        case "add-keyword":
            await personal.add_keyword(account, system, code, form.get("keyword", ""))
        case "remove-keyword":
            await personal.remove_keyword(account, system, code, form.get("keyword", ""))
        case "add-to-list":
            name = form.get("name", "").strip()
            if name:
                await personal.lists.create(account, name, [(system, code)])
            elif form.get("list"):
                await personal.lists.add(account, form["list"], [(system, code)])
            else:
                raise BadInput("Choose a list, or name a new one.", slug="bad-list")
        case "remove-from-list":
            await personal.lists.remove(account, form.get("list", ""), (system, code))
        case _:
            raise BadInput("That form is not known here.", hint="Reload the page and try again.")


async def _change_list(personal: Personal, account: str, list_id: str, form: dict[str, str]) -> bool:
    """One of the list page's forms; True when the list is gone."""
    lists = personal.lists
    do, _, which = form.get("do", "").partition(" ")
    system, _, code = which.partition("/")
    match do:
        case "rename":
            await lists.rename(account, list_id, form.get("name", ""))
        case "add":
            await lists.add(account, list_id, read_codes(form.get("codes", ""), form.get("system", "")))
        case "up" | "down":
            await lists.move(account, list_id, code_of(system, code), do)
        case "remove":
            await lists.remove(account, list_id, code_of(system, code))
        case "place":
            place = form.get("place", "")
            if not (place.isascii() and place.isdigit() and int(place[:4]) > 0):
                raise BadInput("The place of a list is a number from 1.", slug="bad-place")
            await lists.place(account, list_id, int(place[:4]))
        case "delete":
            await lists.delete(account, list_id)
            return True
        case _:
            raise BadInput("That form is not known here.", hint="Reload the page and try again.")
    return False


async def _home(personal: Personal, principal: Principal, error: str = "", name: str = "") -> Page:
    return Page(
        "personal/home.html",
        {
            "kept": await personal.overview(principal),
            "shown": SHOWN,
            "names": SYSTEMS,
            "limits": LIMITS,
            "error": error,
            "name": name,
        },
        status_code=400 if error else 200,
    )


async def _list_page(
    personal: Personal,
    principal: Principal,
    list_id: str,
    error: str = "",
    form: dict[str, str] | None = None,
) -> Page:
    held = await personal.lists.one(principal.subject, list_id)
    lists = await personal.lists.all(principal.subject)
    systems = {one.system for one in held.codes}
    return Page(
        "personal/list.html",
        {
            "held": held,
            "place": next((place for place, one in enumerate(lists, 1) if one.id == list_id), 1),
            "lists": len(lists),
            "shown": SHOWN,
            "names": SYSTEMS,
            "systems": list(SYSTEMS.items()),
            # The code-list tool finds the system of each code, unless all are of one.
            "one_system": systems.pop() if len(systems) == 1 else "",
            "limits": LIMITS,
            "error": error,
            "form": form or {},
        },
        status_code=400 if error else 200,
    )
