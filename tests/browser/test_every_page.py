"""What holds for every page: axe finds nothing serious, nothing is wider than the window, nothing complains."""

import pytest
from platform_process import PlatformProcess
from visitor import WIDTHS, Visitor, visitor

from ahead.shared.testing.browser import axe_findings, end_animations

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

GUEST_PAGES = {
    "/": 200,
    "/search?q=type+2+diabetes": 200,
    "/search?q=zzqxy+blorp": 200,
    "/codes/icd10cm/E11.9": 200,
    "/codes/icd10cm/I10": 403,
    "/codes/icd10cm/E11.9?as_of=2019-05-01": 404,
    "/codes/icd10cm/E11.9999": 404,
    "/browse/icd10cm": 200,
    "/browse/icd10cm/E11": 200,
    "/casepilot": 200,
    "/casepilot?topic=ncci": 200,
    "/casepilot/conversations": 200,
    "/casepilot/quality": 200,
    "/account/register": 200,
    "/account/login": 200,
    "/account/forgot": 200,
    "/consultant": 200,
}
MEMBER_PAGES = {
    "/codes/icd10cm/S52.501A": 200,
    "/codes/icd10cm/E11": 200,
    "/account": 200,
    "/account/password": 200,
    "/account/delete": 200,
    "/consultant": 200,
}


async def judge(who: Visitor, pages: dict[str, int]) -> list[str]:
    """Each page once in light and once in dark, at widths that take turns; all widths are measured."""
    page, found = who.page, list[str]()
    for number, (path, status) in enumerate(pages.items()):
        assert await who.open(path) == status, path
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 900})
            over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                found.append(f"{path} is {over} px wider than {width}")
        for turn, scheme in enumerate(("light", "dark")):
            width = WIDTHS[(number + turn) % len(WIDTHS)]
            await page.set_viewport_size({"width": width, "height": 900})
            await page.emulate_media(color_scheme=scheme)
            await end_animations(page)
            found += [f"{path} {scheme} {width}: {finding}" for finding in await axe_findings(page)]
    return found + who.complaints


async def test_pages_of_a_guest(platform: PlatformProcess) -> None:
    async with visitor(platform.url) as guest:
        assert await judge(guest, GUEST_PAGES) == []


async def test_pages_of_a_member(platform: PlatformProcess) -> None:
    async with visitor(platform.url) as member:
        await member.open("/account/register")
        await member.fill_in_registration()
        assert await judge(member, MEMBER_PAGES) == []


async def test_every_link_of_the_site_leads_somewhere(platform: PlatformProcess) -> None:
    """Links of the pages above, without those to codes, which take a view."""
    async with visitor(platform.url) as guest:
        seen: dict[str, str] = {}
        for path in ("/", "/search?q=gout", "/browse/icd10cm/M10", "/account/login", "/account/register"):
            await guest.open(path)
            for href in await guest.page.evaluate("[...document.links].map(link => link.href)"):
                seen.setdefault(href.split("#")[0], path)
        dead: list[str] = []
        for href, path in seen.items():
            assert href.startswith(platform.url), f"{path} leads away, to {href}"
            if "/codes/" in href:
                continue
            answer = await guest.page.request.get(href)
            if answer.status >= 400:
                dead.append(f"{path}: {href} {answer.status}")
        assert dead == []
