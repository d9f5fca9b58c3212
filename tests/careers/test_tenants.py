"""No employer reaches another's drafts, applicants or files; nobody reaches a candidate's application."""

import re
from collections.abc import Callable

import pytest
from careers_world import PDF, Person, World
from sqlmodel import select

from ahead.careers.models import Application, Member, Posting

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
    ("/careers/moderation/{job}", {"decision": "reject", "reason": "no"}),
)


async def test_the_matrix_of_everybody_against_everything(world: World, person: People) -> None:
    anna, hers = await tenant(world, person, "anna")
    bob, _ = await tenant(world, person, "bob")
    for path in READS[:-2]:
        answer = await anna.get(path.format(**hers))
        assert answer.status_code == 200, (path, "its own employer")
    for stranger in (bob, person("a:nobody"), person()):
        await stranger.get(f"/careers/jobs/{hers['job']}")
        for path in READS:
            answer = await stranger.get(path.format(**hers))
            assert answer.status_code in (303, 404), path
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
    assert (await candidate.post(f"{found[1]}/delete", {"token": found[2]})).status_code == 303
    async with world.database.read() as session:
        assert await session.get(Application, hers["application"]) is None


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
