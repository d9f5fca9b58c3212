"""Candidates search, narrow down and open jobs, without a script."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

from careers_world import Person, World

People = Callable[..., Person]


async def test_an_empty_board_says_so_and_how_to_post(person: People) -> None:
    page = await person().get("/careers")
    assert page.status_code == 200
    assert "No job is posted here yet" in page.text
    assert "/careers/employers" in page.text


async def test_a_job_is_found_by_its_words_and_its_facts(world: World, person: People) -> None:
    company = await world.company()
    outpatient = await world.job(company)
    inpatient = await world.job(
        company, title="Inpatient Coding Specialist", credentials=("CIC",), setting="inpatient"
    )
    found = await person().get("/careers?q=inpatient+cic")
    assert inpatient in found.text
    assert outpatient not in found.text
    narrowed = await person().get("/careers?setting=outpatient&credential=CPC")
    assert outpatient in narrowed.text
    assert inpatient not in narrowed.text


async def test_a_facet_counts_what_choosing_more_of_it_would_bring(world: World) -> None:
    from ahead.careers.board.wanted import parse

    company = await world.company()
    await world.job(company, credentials=("CPC",))
    await world.job(company, title="Inpatient Coder", credentials=("CIC", "CCS"))
    found = await world.board.search(parse("credential=CPC"), world.clock.now())
    assert found.total == 1
    assert found.facets["credential"] == {"CPC": 1, "CIC": 1, "CCS": 1}
    assert found.facets["setting"] == {"outpatient": 1}


async def test_what_an_address_can_not_mean_is_left_out_of_it(person: People) -> None:
    page = await person().get(
        "/careers?credential=XXX&pay=1&page=99999999999&posted=x&sort='&q=%22%27(&state=OH"
    )
    assert page.status_code == 200


async def test_pay_stands_first_and_the_page_counts_a_view_a_day(world: World, person: People) -> None:
    job = await world.job(await world.company())
    ann = person("a:ann")
    page = await ann.get(f"/careers/jobs/{job}")
    assert page.status_code == 200
    assert page.text.index("$24 to $31 an hour") < page.text.rindex("Code outpatient encounters")
    await ann.get(f"/careers/jobs/{job}")
    assert len(await world.events("job.viewed")) == 1
    for _ in range(2):
        await ann.get(f"/careers/jobs/{job}", headers={"user-agent": "Googlebot/2.1"})
    robots = [one for one in await world.events("job.viewed") if one["data"]["plan"] == "robot"]
    assert len(robots) == 1, "apart, and once a day"
    assert robots[0]["subject"] == "s:careers"
    await ann.get(f"/careers/jobs/{job}", headers={"sec-purpose": "prefetch"})
    world.clock.advance(timedelta(days=1))
    await ann.get(f"/careers/jobs/{job}")
    people = [one for one in await world.events("job.viewed") if one["data"]["plan"] != "robot"]
    assert len(people) == 2


async def test_a_closed_job_answers_gone_with_similar_ones(world: World, person: People) -> None:
    company = await world.company()
    job, other = await world.job(company), await world.job(company, title="Outpatient Coder II")
    await world.act(job, "close", reason="filled")
    page = await person().get(f"/careers/jobs/{job}")
    assert page.status_code == 410
    assert "The position was filled." in page.text
    assert other in page.text
    assert "ld+json" not in page.text


async def test_a_job_that_was_never_published_is_nowhere(world: World, person: People) -> None:
    draft = await world.job(await world.company(), publish=False)
    assert (await person().get(f"/careers/jobs/{draft}")).status_code == 404


async def test_a_search_corrects_a_typo_only_when_it_finds_nothing(world: World, person: People) -> None:
    await world.job(await world.company(), title="Cardiology Coder")
    await world.indexer.rebuild()
    page = await person().get("/careers?q=cardiolgy")
    assert "Cardiology Coder" in page.text


async def test_script_data_can_not_be_left(world: World, person: People) -> None:
    job = await world.job(await world.company(), title="</script><script>alert(1)</script>")
    page = await person().get(f"/careers/jobs/{job}")
    assert "<script>alert(1)" not in page.text
    data = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page.text, re.DOTALL)
    assert data
    assert json.loads(data[1])["title"] == "</script><script>alert(1)</script>"
