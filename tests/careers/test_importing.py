"""Feeds: posted, changed, confirmed, closed; and the same job from several sources shown once."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from careers_world import NOW, Person, World, make_settings, some_facts
from job_feeds import write_feed
from msgspec.structs import replace
from signed_tokens import Signer
from sqlmodel import select

from ahead.careers.board.wanted import parse
from ahead.careers.demo.generator import examples
from ahead.careers.employers.edits import told
from ahead.careers.importing.apart import WORTH_IT_BYTES, chunks_of
from ahead.careers.importing.duplicates import Print, bucket_of, fingerprint_of, groups
from ahead.careers.importing.reading import read_feed
from ahead.careers.importing.ready import ready_of
from ahead.careers.importing.service import Importer
from ahead.careers.jobs.repository import history_of
from ahead.careers.jobs.schemas import parse as parse_facts
from ahead.careers.jobs.service import change
from ahead.careers.models import OUTBOX, Application, Member, Posting
from ahead.shared.clock import FixedClock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput

People = Callable[..., Person]
TEXT = (
    "Code inpatient stays with ICD-10-CM and ICD-10-PCS. CCS or CIC is required. Query providers when needed."
)


def feed(*jobs: dict[str, str]) -> io.BytesIO:
    known = {
        "title": "Inpatient Coder", "company": "Harbor Clinics", "city": "Tampa", "state": "Florida", "country": "US",
        "description": f"<p>{TEXT}</p>", "salary": "$28.50 - $36 an hour", "jobtype": "fulltime",
        "experience": "2+ years",
        "url": "https://jobs.example.com/1",
    }  # fmt: skip
    rows = "".join(
        "<job>"
        + "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in (known | job).items())
        + "</job>"
        for job in jobs
    )
    return io.BytesIO(f"<?xml version='1.0' encoding='utf-8'?><source>{rows}</source>".encode())


async def rows(world: World) -> dict[str, Posting]:
    async with world.database.read() as session:
        return {row.external_id: row for row in (await session.scalars(select(Posting))).all()}


def test_what_a_feed_says_is_read_by_the_fields_words() -> None:
    job = next(read_feed(feed({"referencenumber": "1"})))
    assert job.facts is not None
    assert job.facts.credentials == ("CCS", "CIC")
    assert (job.facts.state, job.facts.setting, job.facts.years) == ("FL", "inpatient", 2)
    assert job.facts.pay is not None
    assert job.facts.pay.text == "$28.50 to $36 an hour"


@pytest.mark.parametrize(
    "body",
    [
        b"not xml", b"<source><job>",
        b"<!DOCTYPE s [<!ENTITY a 'b'><!ENTITY c '&a;&a;&a;'>]><source><job><title>&c;</title></job></source>",
        b"<!DOCTYPE s [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><source><job><title>&x;</title></job></source>",
    ],
)  # fmt: skip
def test_broken_feeds_and_entities_are_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        list(read_feed(io.BytesIO(body)))


def test_a_long_feed_is_read_in_a_process_of_its_own_to_the_same_jobs(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    size = write_feed(path, examples(8_000))
    assert size > WORTH_IT_BYTES
    with path.open("rb") as stream:
        apart = [one for chunk in chunks_of(stream, "xml") for one in chunk]
    with path.open("rb") as stream:
        here = [ready_of(one, "") for one in read_feed(stream)]
    assert len(apart) == 8_000
    assert all(one == other for one, other in zip(apart, here, strict=True))


def test_a_long_feed_that_breaks_off_gives_what_came_before_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    write_feed(path, examples(8_500))
    path.write_bytes(path.read_bytes()[:-5_000])
    found: list[str] = []
    with path.open("rb") as stream, pytest.raises(BadInput, match="can't be read after"):
        for chunk in chunks_of(stream, "xml"):
            found += [one.reference for one in chunk]
    assert 8_000 < len(found) < 8_500


async def test_who_changes_a_job_of_a_feed_is_not_said_to_have_written_it(world: World) -> None:
    await Importer(world.database, world.settings, world.clock).run(feed({"referencenumber": "1"}), "test")
    async with world.database.write() as session:
        row = (await session.scalars(select(Posting))).one()
        facts = replace(parse_facts(row.facts), title="Inpatient Coder II")
        await change(session, row, "edit", world.clock.now(), by="a:jane", confirm_days=14, facts=facts)
        said = await history_of(session, row.id)
    assert [(one.action, one.by) for one in said] == [
        ("submit", "s:feed"), ("create", "s:feed"), ("edit", "a:jane")
    ]  # fmt: skip


async def test_a_feed_is_followed(world: World, person: People) -> None:
    importer = Importer(world.database, world.settings, world.clock)
    scam = {
        "referencenumber": "3",
        "description": f"<p>{TEXT} Contact us on Telegram and buy a gift card.</p>",
    }
    done = await importer.run(feed({"referencenumber": "1"}, {"referencenumber": "2", "city": "Miami"}, scam,
                                   {"referencenumber": "4", "city": ""}), "test")  # fmt: skip
    assert (done.posted, done.held, done.refused, done.merged) == (2, 1, 1, 0)
    assert len(await world.events("job.posted")) == 2
    await world.indexer.catch_up()
    assert (await world.board.search(parse("state=FL"), world.clock.now())).total == 2
    world.clock.advance(timedelta(days=10))
    done = await importer.run(feed({"referencenumber": "1", "title": "Inpatient Coder II"}), "test")
    assert (done.posted, done.changed, done.confirmed, done.closed) == (0, 1, 1, 2)
    held = await rows(world)
    assert held["1"].status == "open"
    assert held["2"].status == "closed"
    async with world.database.read() as session:
        said = told(await history_of(session, held["1"].id))
    assert [one.action for one in said] == ["Posted", "Written", "Changed", "Confirmed open"]
    assert said[2].changes == [("Title", "Inpatient Coder", "Inpatient Coder II")], (
        "what it said before is kept"
    )
    world.clock.advance(timedelta(days=10))
    page = await person().get(f"/careers/jobs/{held['1'].id}")
    assert page.status_code == 200, "being in the feed confirmed it"
    assert "confirmed open 10 days ago" in page.text


async def test_a_feed_is_followed_on_each_database(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: Signer
) -> None:
    settings = make_settings(database_url, tmp_path, monkeypatch, keys)
    database, clock = Database(settings.database), FixedClock(NOW)
    importer = Importer(database, settings, clock)
    try:
        scam = {"referencenumber": "3", "description": f"<p>{TEXT} Contact us on Telegram.</p>"}
        twice = {"referencenumber": "4", "company": "Recruiters Inc"}
        first = feed({"referencenumber": "1"}, {"referencenumber": "2", "city": "Miami"}, scam, twice)
        done = await importer.run(first, "test")
        assert (done.posted, done.held, done.merged) == (3, 1, 1)
        clock.advance(timedelta(days=1))
        done = await importer.run(
            feed({"referencenumber": "1", "title": "Inpatient Coder II"}, twice), "test"
        )
        assert (done.posted, done.changed, done.confirmed, done.closed) == (0, 1, 2, 2)
        async with database.read() as session:
            held = {row.external_id: row for row in (await session.scalars(select(Posting))).all()}
            recorded = len((await session.execute(select(OUTBOX.c.event_id))).all())
        assert {name: row.status for name, row in held.items()} == {
            "1": "open", "2": "closed", "3": "closed", "4": "open"
        }  # fmt: skip
        assert held["1"].published_at == NOW
        assert recorded == 3, "one for each that was opened"
    finally:
        await database.close()


async def test_the_same_job_from_two_sources_is_shown_once_with_both(world: World, person: People) -> None:
    importer = Importer(world.database, world.settings, world.clock)
    await importer.run(feed({"referencenumber": "1"}), "one")
    again = {"referencenumber": "9", "company": "Recruiters Inc", "title": "Coder, Inpatient",
             "description": f"<p>{TEXT} Apply today.</p>"}  # fmt: skip
    done = await importer.run(
        feed(again, {"referencenumber": "8", "title": "Inpatient Coder, night shift"}), "two"
    )
    assert done.merged == 1
    await world.indexer.catch_up()
    held = await rows(world)
    assert held["9"].merged_into == held["1"].id
    assert held["8"].merged_into is None, "another shift is another job"
    guest = person()
    assert "Recruiters Inc" in (await guest.get(f"/careers/jobs/{held['1'].id}")).text
    gone = await guest.get(f"/careers/jobs/{held['9'].id}")
    assert gone.status_code == 410
    assert held["1"].id in gone.text
    await importer.run(feed(), "one")
    await importer.merge()
    assert (await guest.get(f"/careers/jobs/{held['9'].id}")).status_code == 200, "the first one closed"


async def test_what_an_older_version_wrote_down_is_not_taken_for_a_change(world: World) -> None:
    """It wrote down what nobody had said, too."""
    importer = Importer(world.database, world.settings, world.clock)
    await importer.run(feed({"referencenumber": "1"}), "test")
    async with world.database.write() as session:
        row = (await session.scalars(select(Posting))).one()
        row.facts = json.dumps(
            {**json.loads(row.facts), "productivity": "", "questions": [], "equipment": False}
        )
        session.add(row)
    done = await importer.run(feed({"referencenumber": "1"}), "test")
    assert (done.changed, done.confirmed) == (0, 1)


async def test_a_feed_that_is_fetched_often_confirms_its_jobs_once_a_day(
    world: World, person: People
) -> None:
    importer = Importer(world.database, world.settings, world.clock)
    jobs = [
        {"referencenumber": str(number), "city": city}
        for number, city in enumerate(("Tampa", "Miami", "Ocala"))
    ]
    await importer.run(feed(*jobs), "test")
    await world.indexer.catch_up()
    first = await rows(world)
    await world.act(first["2"].id, "pause")
    for day in range(20):
        for _ in range(3):
            done = await importer.run(feed(*jobs), "test")
            assert (done.posted, done.changed, done.confirmed, done.closed) == (0, 0, 2, 0)
            world.clock.advance(timedelta(hours=1))
        world.clock.advance(timedelta(hours=21))
        assert (await person().get(f"/careers/jobs/{first['0'].id}")).status_code == 200, day
    held = await rows(world)
    async with world.database.read() as session:
        acted = [one.action for one in await history_of(session, first["0"].id)]
    assert acted == ["submit", *["confirm"] * 19], "not on the day on which it was posted"
    assert held["0"].version == 20
    assert held["2"].status == "paused", "the feed's word opens nothing that its employer has paused"


def test_shifts_and_hours_tell_jobs_apart_however_they_are_written() -> None:
    def shifts(text: str, title: str = "Inpatient Coder") -> str:
        facts = some_facts(title=title, description=f"<p>{TEXT} {text}</p>")
        return Print("1", "b", fingerprint_of(facts, "Harbor Clinics")).shifts

    assert shifts("Second shift, Mondays.") == shifts("On Monday: the second shift") == "monday second-shift"
    assert shifts("From 7 a.m.") != shifts("From 7 am") == shifts("From 7am") == "7am"
    assert shifts("", title="Night Coder") == shifts("Works nights.") == "night"
    assert shifts("You work in a second office and shift work between teams.") == ""


async def test_jobs_of_the_form_are_compared_too_and_again_when_they_change(world: World) -> None:
    importer = Importer(world.database, world.settings, world.clock)
    text = f"<p>{TEXT} Join Harbor Clinics.</p>"
    first = await world.job(await world.company("Harbor Clinics"), description=text, index=False)
    again = text.replace("Harbor Clinics", "Recruiters Inc")
    second = await world.job(await world.company("Recruiters Inc"), description=again, index=False)
    assert await importer.merge() == 1
    assert (await world.database_row(Posting, second)).merged_into == first
    kept = (await world.database_row(Posting, first)).fingerprint
    assert "harbor" not in kept, "an employer's name tells no jobs apart"
    assert await importer.merge() == 0, "nothing is new"
    await world.act(second, "edit", facts=some_facts(description=f"{again}<p>Night shift.</p>"))
    await importer.merge()
    assert (await world.database_row(Posting, second)).merged_into is None, "another shift is another job"


def test_duplicates_are_found_among_near_misses(long_run: bool) -> None:
    """Over pairs: reworded posts, among posts of the same employer for other sites and shifts."""
    made = list(examples(100_000 if long_run else 6000, seed=41))
    truth = {one.number: one.number for one in made}
    for one in made:
        if one.same_as is not None:
            truth[one.number] = truth[one.same_as]
    stories: dict[int, list[int]] = {}
    for number, story in truth.items():
        stories.setdefault(story, []).append(number)
    found = groups(
        Print(str(one.number), bucket_of(one.facts), fingerprint_of(one.facts, one.employer)) for one in made
    )
    right = {pair for group in stories.values() for pair in combinations(sorted(group), 2)}
    told = {pair for group in found for pair in combinations(sorted(map(int, group)), 2)}
    assert len(right) > 300
    assert len(told & right) / len(told) >= 0.98
    assert len(told & right) / len(right) >= 0.95


CSV = (
    "referencenumber,title,company,city,state,salary,description\r\n"
    f'1,Inpatient Coder,Whoever Says So,Tampa,FL,$28 - $36 an hour,"{TEXT}"\r\n'
    f'2,Outpatient Coder,,,,,"{TEXT}"\r\n'
)


async def test_an_employer_imports_its_own_jobs_and_nobody_elses(world: World, person: People) -> None:
    """By file on its page, by file and one by one for its programs; reviewed as those of its form are."""
    company = await world.company("Harbor Clinics", standing="new")
    other = await world.company("Other Clinics")
    theirs = await world.job(other)
    async with world.database.write() as session:
        session.add(Member(company_id=company.id, subject="a:boss", role="owner", since=world.clock.now()))
    boss = person("a:boss")
    await boss.get(f"/careers/employers/{company.id}")
    path = f"/careers/employers/{company.id}/import"
    sent = await boss.post(path, {}, files={"feed": ("jobs.csv", CSV.encode(), "text/csv")})
    assert sent.status_code == 303, sent.text
    page = await boss.get(sent.headers["location"])
    assert "1 held, 1 refused" in page.text
    assert "It needs a city and a state" in page.text
    held = await rows(world)
    assert (held["1"].company_id, held["1"].status) == (company.id, "review"), (
        "its name for itself counts for nothing"
    )
    async with world.database.write() as session:
        company.standing = "trusted"
        session.add(company)
    api = f"/api/careers/v1/companies/{company.id}"
    body = feed({"referencenumber": "1", "company": "x"}, {"referencenumber": "3", "city": "Miami"}).read()
    program = person("a:boss")
    program.client.headers["authorization"] = f"Bearer {program.client.cookies['ahead_token']}"
    program.client.cookies.clear()
    done = (await program.client.post(f"{api}/import", content=body)).json()
    assert (done["posted"], done["changed"], done["closed"]) == (1, 1, 0)
    done = (await program.client.post(f"{api}/import", content=feed({"referencenumber": "3"}).read())).json()
    assert done["closed"] == 1
    assert (await world.database_row(Posting, theirs)).status == "open", (
        "another company's jobs are not its to close"
    )
    job = {
        "title": "Cardiology Coder", "description": "Codes cardiology visits and procedures.", "workplace": "remote",
        "credentials": ["CPC"], "pay_low": "24", "pay_high": "30", "pay_unit": "hour",
    }  # fmt: skip
    kept = (await program.client.put(f"{api}/jobs/C-1", json=job)).json()
    assert kept["status"] == "open"
    assert (
        await program.client.put(f"{api}/jobs/C-1", json=job | {"title": "Lead Cardiology Coder"})
    ).json()["id"] == kept["id"]
    assert (await program.client.put(f"{api}/jobs/C-2", json=job | {"title": "x"})).status_code == 400
    assert "Lead Cardiology Coder" in (await person().get(kept["url"])).text
    assert (await program.client.delete(f"{api}/jobs/C-1?reason=filled")).json()["status"] == "closed"
    assert {one["reference"] for one in (await program.client.get(f"{api}/jobs")).json()} >= {"1", "3", "C-1"}
    stranger = person("a:stranger")
    stranger.client.headers["authorization"] = f"Bearer {stranger.client.cookies['ahead_token']}"
    stranger.client.cookies.clear()
    for method, where in (("POST", "import"), ("PUT", "jobs/C-1"), ("DELETE", "jobs/C-1"), ("GET", "jobs")):
        answer = await stranger.client.request(
            method, f"{api}/{where}", json=job if method == "PUT" else None
        )
        assert answer.status_code == 404, (method, where)


async def test_who_applied_is_told_when_a_feed_drops_the_job(world: World, person: People) -> None:
    importer = Importer(world.database, world.settings, world.clock)
    await importer.run(feed({"referencenumber": "1"}), "test")
    job = (await rows(world))["1"]
    async with world.database.write() as session:
        session.add(
            Application(id="a" * 36, posting_id=job.id, subject="g:1", name="Ann", email="ann@example.org",
                        at=world.clock.now(), changed_at=world.clock.now())
        )  # fmt: skip
    await importer.run(feed({"referencenumber": "2"}), "test")
    assert any("is closed" in str(mail["Subject"]) for mail in await world.mails("ann@example.org"))
