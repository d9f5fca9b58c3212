"""No employer reaches another's drafts, applicants or files; nobody reaches a candidate's application."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from careers_world import PDF, Person, World, as_program, living
from signed_tokens import Signer
from sqlmodel import select

from ahead.careers.app import create_app
from ahead.careers.models import Application, Member, Posting
from ahead.careers.settings import Settings
from ahead.shared.settings import load

People = Callable[..., Person]


async def tenant(world: World, person: People, name: str) -> tuple[Person, dict[str, str]]:
    """An employer with a draft, an open job and an applicant with a resume."""
    company = await world.company(name)
    async with world.database.write() as session:
        session.add(Member(company_id=company.id, subject=f"a:{name}", role="owner", since=world.clock.now()))
    draft = await world.job(company, publish=False, title=f"Secret {name}")
    job = await world.job(company, title=f"Open {name}")
    guest = person()
    await guest.get(f"/careers/jobs/{job}/apply")
    sent = await guest.post(
        f"/careers/jobs/{job}/apply",
        {"name": f"Candidate of {name}", "email": f"{name}@example.org", "letter": "x" * 30},
        files={"resume": ("cv.pdf", PDF, "application/pdf")},
    )
    assert sent.status_code in (200, 201), sent.text
    async with world.database.read() as session:
        one = (await session.scalars(select(Application.id).where(Application.posting_id == job))).one()
    return person(f"a:{name}"), {"company": company.id, "draft": draft, "job": job, "application": one}


READS = (
    "/careers/employers/{company}",
    "/careers/employers/{company}/post",
    "/careers/employers/{company}/post?copy={draft}",
    "/careers/employers/jobs/{draft}",
    "/careers/employers/jobs/{draft}/edit",
    "/careers/employers/jobs/{job}/applications",
    "/careers/employers/applications/{application}",
    "/careers/employers/applications/{application}/resume",
    "/api/careers/v1/companies/{company}/jobs",
    "/careers/applications/{application}",
    "/careers/applications/{application}?token=" + "0" * 40,
)
WRITES = (
    ("/careers/employers/{company}/profile", {"about": "hacked"}),
    ("/careers/employers/{company}/invitations", {"role": "owner"}),
    (
        "/careers/employers/{company}/jobs",
        {"title": "A new title", "description": "d" * 40, "workplace": "remote"},
    ),
    ("/careers/employers/jobs/{draft}/submit", {}),
    ("/careers/employers/jobs/{job}/close", {"reason": "filled"}),
    ("/careers/employers/jobs/{job}/pause", {}),
    ("/careers/employers/applications/{application}/move", {"stage": "declined"}),
    ("/careers/employers/applications/{application}/message", {"text": "hello"}),
    ("/careers/employers/applications/{application}/note", {"text": "hello"}),
    ("/careers/applications/{application}/withdraw", {}),
    ("/careers/applications/{application}/delete", {"token": "x"}),
    ("/careers/employers/{company}/members", {"member": "a:anna", "role": "reviewer"}),
    ("/careers/employers/{company}/domain", {"address": "x@harbor.example"}),
    ("/careers/employers/{company}/preview", {"title": "A new title"}),
    ("/careers/moderation/credentials", {"subject": "a:anna", "credential": "CPC", "outcome": "right"}),
    ("/careers/moderation/{job}", {"decision": "reject", "reason": "no"}),
)


async def test_the_matrix_of_everybody_against_everything(world: World, person: People) -> None:
    anna, hers = await tenant(world, person, "anna")
    bob, _ = await tenant(world, person, "bob")
    for path in READS[:-2]:
        answer = await anna.get(path.format(**hers))
        file = path.endswith("/resume")
        assert answer.status_code == (303 if file else 200), (path, "its own employer")
    for stranger in (bob, person("a:nobody"), person()):
        await stranger.get(f"/careers/jobs/{hers['job']}")
        for path in READS:
            answer = await stranger.get(path.format(**hers))
            assert answer.status_code in (303, 401, 404), path
            assert "/files/" not in answer.headers.get("location", "")
            assert "Secret anna" not in answer.text
            assert "Candidate of anna" not in answer.text
            assert b"%PDF" not in answer.content
        for path, fields in WRITES:
            answer = await stranger.post(path.format(**hers), fields)
            # 303 to log in; a role that is missing is said.
            ok = answer.status_code in (403, 404) or "/account/login" in answer.headers.get("location", "")
            assert ok, (path, answer.status_code)
    async with world.database.read() as session:
        job = await session.get(Posting, hers["job"])
        application = await session.get(Application, hers["application"])
    assert job is not None
    assert job.status == "open"
    assert application is not None
    assert application.stage == "new"


async def test_another_companys_job_can_not_be_saved_through_ones_own_company(
    world: World, person: People
) -> None:
    _, hers = await tenant(world, person, "anna")
    bob, his = await tenant(world, person, "bob")
    await bob.get(f"/careers/employers/{his['company']}/post")
    fields = {"title": "Taken over", "description": "d" * 40, "workplace": "remote", "job_id": hers["draft"]}
    answer = await bob.post(f"/careers/employers/{his['company']}/jobs", fields)
    assert answer.status_code == 404


async def test_a_reviewer_reads_and_changes_nothing(world: World, person: People) -> None:
    anna, hers = await tenant(world, person, "anna")
    await anna.get(f"/careers/employers/{hers['company']}")
    answer = await anna.post(f"/careers/employers/{hers['company']}/invitations", {"role": "reviewer"})
    page = await anna.get(answer.headers["location"])
    link = re.search(r"/careers/employers/join\?token=([\w-]+)", page.text)
    assert link
    rita = person("a:rita")
    await rita.get(link[0])
    assert (await rita.post("/careers/employers/join", {"token": link[1]})).status_code == 303
    assert (await rita.post("/careers/employers/join", {"token": link[1]})).status_code == 404
    assert (await rita.get(f"/careers/employers/applications/{hers['application']}")).status_code == 200
    for path, fields in WRITES[:7]:
        answer = await rita.post(path.format(**hers), fields)
        assert answer.status_code in (403, 404), path


async def test_withdrawing_takes_the_file_and_deleting_takes_all(world: World, person: People) -> None:
    anna, hers = await tenant(world, person, "anna")
    files = world.settings.files
    assert len(list(files.iterdir())) == 1
    sent = await anna.get(f"/careers/employers/applications/{hers['application']}/resume")
    link = sent.headers["location"]
    mail = next(one for one in await world.mails("anna@example.org"))
    text = mail.get_payload(decode=True)
    assert isinstance(text, bytes)
    found = re.search(r"(/careers/applications/\S+)\?token=(\S+)", text.decode())
    assert found
    candidate = person()
    await candidate.get(f"{found[1]}?token={found[2]}")
    assert (await candidate.post(f"{found[1]}/withdraw", {"token": found[2]})).status_code == 303
    assert list(files.iterdir()) == []
    assert (
        await anna.get(f"/careers/employers/applications/{hers['application']}/resume")
    ).status_code == 404
    assert (await candidate.client.get(link)).status_code == 404, "also by a link of before"
    assert (await candidate.post(f"{found[1]}/delete", {"token": found[2]})).status_code == 303
    async with world.database.read() as session:
        assert await session.get(Application, hers["application"]) is None


async def test_a_resume_comes_from_an_origin_of_its_own_by_a_link_that_ends(
    world: World, person: People, keys: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AHEAD_DOWNLOADS_URL", "http://127.0.0.1:8081")
    _, hers = await tenant(world, person, "anna")
    async with living(create_app(load(Settings), clock=world.clock)) as app:
        member = Person(app, {"ahead_token": keys.token("a:anna")})
        sent = await member.get(f"/careers/employers/applications/{hers['application']}/resume")
        link = sent.headers["location"]
        assert link.startswith(f"http://127.0.0.1:8081/files/careers/{hers['application']}?until=")
        stranger = Person(app, {})
        answer = await stranger.client.get(link)
        assert answer.content == PDF
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''cv.pdf"
        assert answer.headers["content-security-policy"].startswith("sandbox")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
        _, other = await tenant(world, person, "bob")
        later = link.replace("until=", "until=9")
        wrong = (link[:-1] + ("0" if link[-1] != "0" else "1"), later, link.split("?")[0],
                 link.replace(hers["application"], other["application"]))  # fmt: skip
        for one in wrong:
            assert (await stranger.client.get(one)).status_code == 404, one
        world.clock.advance(timedelta(minutes=6))
        assert (await stranger.client.get(link)).status_code == 404
        for one in (member, stranger):
            await one.client.aclose()


async def test_files_that_no_application_knows_are_swept(world: World, person: People) -> None:
    import os
    from datetime import UTC, datetime

    from ahead.careers.applications.files import Files
    from ahead.careers.applications.repository import files_kept

    await tenant(world, person, "anna")
    files = Files(world.settings)
    orphan = world.settings.files / ("0" * 40 + ".pdf")
    orphan.write_bytes(PDF)
    async with world.database.write() as session:
        kept = await files_kept(session)
    now = datetime.now(UTC)
    assert files.sweep(kept, now - timedelta(days=1)) == 0, "one that is just being recorded stays"
    os.utime(orphan, (1, 1))
    assert files.sweep(kept, now - timedelta(days=1)) == 1
    assert {path.name for path in world.settings.files.iterdir()} == kept


async def test_applications_are_forgotten_after_they_were_decided_or_their_job_closed(
    world: World, person: People
) -> None:
    from ahead.careers.applications.repository import outlived

    _, hers = await tenant(world, person, "anna")
    _, other = await tenant(world, person, "bob")
    await world.act(hers["job"], "close", reason="filled")
    world.clock.advance(timedelta(days=366))
    async with world.database.write() as session:
        gone = await outlived(session, world.clock.now() - timedelta(days=365))
    assert len(gone) == 1
    async with world.database.read() as session:
        assert await session.get(Application, hers["application"]) is None
        assert await session.get(Application, other["application"]) is not None


async def test_an_erased_account_leaves_nothing_behind(world: World, person: People) -> None:
    from ahead.careers.consumer import make_eraser
    from ahead.shared.events.envelope import encode, make_event

    job = await world.job(await world.company())
    ann = person("a:ann")
    await ann.get(f"/careers/jobs/{job}/apply")
    await ann.post(
        f"/careers/jobs/{job}/apply",
        {"name": "Ann", "email": "ann@example.org", "letter": "x" * 30},
        files={"resume": ("cv.pdf", PDF, "application/pdf")},
    )
    await ann.post(f"/careers/jobs/{job}/save", {"saved": "yes"})
    eraser = make_eraser(world.settings, world.database, world.clock)
    event = make_event(
        "accounts", "account.erased", subject="a:ann", plan="free", period="2026-11", thing="account",
        at=world.clock.now(), reason="owner", guest=None,
    )  # fmt: skip
    async with world.database.write() as session:
        assert await eraser.apply(session, encode(event))
    assert list(world.settings.files.iterdir()) == []
    assert "None sent with this account" in (await ann.get("/careers/mine")).text


@pytest.mark.parametrize(
    "path", ["/careers/moderation", "/api/careers/v1/ops/health", "/api/careers/v1/ops/moderation"]
)
async def test_staff_pages_are_for_staff(person: People, path: str) -> None:
    assert (await person("a:ann").get(path)).status_code == 403
    role = "ops" if path.endswith("health") else "moderator"
    assert (await person("a:staff", roles=[role]).get(path)).status_code == 200


async def test_operators_look_at_events_that_could_not_be_read_and_discard_them(
    world: World, person: People
) -> None:
    from ahead.careers.models import DEAD_LETTERS
    from ahead.shared.events.dead_letters import bury

    async with world.database.write() as session:
        await bury(
            session, DEAD_LETTERS, subject="ahead.events.accounts.account.erased.v1", body=b"{broken",
            reason="no JSON", sequence=7, at=world.clock.now(),
        )  # fmt: skip
    letters = "/api/careers/v1/ops/dead-letters"
    operator = as_program(person("a:staff", roles=["ops"]))
    (letter,) = (await operator.get(letters)).json()["rows"]
    assert (letter["body"], letter["reason"]) == ("{broken", "no JSON")
    one = f"{letters}/{letter['id']}"
    ann = as_program(person("a:ann"))
    answers = [
        await ann.get(letters),
        await ann.post(f"{one}/retry", {}),
        await ann.post(f"{one}/discard", {}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert all("csrf" not in answer.text.lower() for answer in answers), "for want of the role"
    assert (await operator.post(f"{one}/retry", {})).status_code == 409, "it still can't be read"
    assert (await operator.get(f"{letters}?limit=0")).status_code == 400
    assert (await operator.post(f"{one}/discard", {})).json()["outcome"] == "discarded"
    assert (await operator.get(letters)).json() == {"total": 0, "rows": []}
    assert (await operator.post(f"{one}/discard", {})).status_code == 404
