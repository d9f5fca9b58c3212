"""From the first post to the outcome, as the people in it do it."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

from careers_world import Person, World

from ahead.careers.models import Member

People = Callable[..., Person]
JOB = {
    "title": "Inpatient Coder",
    "description": "Assign ICD-10-CM and ICD-10-PCS codes for acute inpatient stays, query providers, keep DRGs right.",
    "workplace": "remote",
    "pay_low": "28.50",
    "pay_high": "36",
    "pay_unit": "hour",
    "years": "2",
    "credentials": ["CIC", "CCS"],
    "employment": ["full-time"],
    "setting": "inpatient",
}


async def new_company(boss: Person, name: str = "Harbor Clinics") -> str:
    await boss.get("/careers/employers")
    answer = await boss.post(
        "/careers/employers/companies", {"name": name, "website": "", "contact": "jobs@harbor.example"}
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rsplit("/", 1)[1]


async def draft(boss: Person, company: str, **more: object) -> str:
    await boss.get(f"/careers/employers/{company}/post")
    answer = await boss.post(f"/careers/employers/{company}/jobs", {**JOB, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rsplit("/", 1)[1]


async def test_an_employer_posts_is_moderated_and_hires(world: World, person: People) -> None:
    boss, moderator, guest = person("a:boss"), person("a:mod", roles=["moderator"]), person()
    company = await new_company(boss)
    job = await draft(boss, company)
    preview = await boss.get(f"/careers/employers/jobs/{job}")
    assert "Remote without named states" in preview.text
    assert (await guest.get(f"/careers/jobs/{job}")).status_code == 404
    await boss.post(f"/careers/employers/jobs/{job}/submit", {"until": ""})
    assert (await guest.get(f"/careers/jobs/{job}")).status_code == 404, "a first post waits for a person"

    waiting = await moderator.get("/careers/moderation")
    assert job in waiting.text
    await moderator.post(f"/careers/moderation/{job}", {"decision": "trust", "reason": ""})
    await world.indexer.catch_up()
    assert job in (await guest.get("/careers?credential=CIC")).text
    assert len(await world.events("job.posted")) == 1

    page = await guest.get(f"/careers/jobs/{job}/apply")
    assert "Send application" in page.text
    sent = await guest.post(
        f"/careers/jobs/{job}/apply",
        {"name": "Ann", "email": "ann@example.org", "letter": "I have coded inpatient stays for six years."},
    )
    assert sent.status_code in (200, 201), sent.text
    assert len(await world.events("application.submitted")) == 1

    listed = await boss.get(f"/careers/employers/jobs/{job}/applications")
    one = re.search(r"/careers/employers/applications/([0-9a-f-]{36})", listed.text)
    assert one
    await boss.get(f"/careers/employers/applications/{one[1]}")
    moved = await boss.post(f"/careers/employers/applications/{one[1]}/move", {"stage": "interview"})
    assert moved.status_code == 303
    await boss.post(f"/careers/employers/applications/{one[1]}/message", {"text": "Can you call on Monday?"})
    mails = [str(mail["Subject"]) for mail in await world.mails("ann@example.org")]
    assert len(mails) == 3
    link = re.search(
        r"http://127.0.0.1:8080(/careers/applications/\S+)", text_of(await world.mails("ann@example.org"))
    )
    assert link
    own = await guest.get(link[1])
    assert "Interview" in own.text
    assert "Can you call on Monday?" in own.text

    await boss.get(f"/careers/employers/jobs/{job}")
    await boss.post(f"/careers/employers/jobs/{job}/close", {"reason": "filled"})
    assert (await guest.get(f"/careers/jobs/{job}")).status_code == 410
    assert any("is closed" in str(mail["Subject"]) for mail in await world.mails("ann@example.org"))
    gone = await guest.get(f"/careers/jobs/{job}/apply")
    assert gone.status_code == 410


async def test_who_thinks_of_posting_reads_what_it_is_like_before_an_account(person: People) -> None:
    page = await person().get("/careers/employers")
    assert page.status_code == 200
    assert "You confirm every 14 days" in page.text
    assert "referencenumber" in page.text, "what a feed has to say"
    assert "/account/register?next=/careers/employers" in page.text
    assert (await person().get("/careers/employers/join?token=x")).status_code in (303, 401)


async def test_an_employer_reads_where_a_job_stands_and_gets_back_what_it_wrote(
    world: World, person: People
) -> None:
    boss, moderator = person("a:boss"), person("a:mod", roles=["moderator"])
    company = await new_company(boss)
    text = "Codes cardiology & vascular visits.\n\nTwo auditors help you.\nYou work from home."
    job = await draft(boss, company, description=text)

    async def stands() -> str:
        table = (await boss.get(f"/careers/employers/{company}")).text
        one = (await boss.get(f"/careers/employers/jobs/{job}")).text
        badges = set(re.findall(r'class="badge[^"]*">([^<]+)<', table)) & set(
            re.findall(r'">([^<]+)</span>', one)
        )
        assert len(badges) == 1, "both pages say the same"
        return badges.pop()

    assert await stands() == "Draft"
    await boss.post(f"/careers/employers/jobs/{job}/submit", {"until": ""})
    assert await stands() == "Being reviewed"
    waiting = await moderator.get("/careers/moderation")
    assert "<title>Moderation · Coding Ahead</title>" in waiting.text
    assert "new employer" in waiting.text
    await moderator.post(f"/careers/moderation/{job}", {"decision": "reject", "reason": "Say which visits."})
    assert await stands() == "Rejected"
    assert "Say which visits." in (await boss.get(f"/careers/employers/jobs/{job}")).text
    form = (await boss.get(f"/careers/employers/jobs/{job}/edit")).text
    assert html.unescape(form.split('name="description"')[1].split(">", 1)[1].split("</textarea>")[0]) == text
    await boss.post(f"/careers/employers/jobs/{job}/submit", {"until": ""})
    await moderator.post(f"/careers/moderation/{job}", {"decision": "approve", "reason": ""})
    assert await stands() == "Open"
    await boss.post(f"/careers/employers/jobs/{job}/close", {"reason": "filled"})
    assert await stands() == "Closed"
    assert "The position was filled." in (await boss.get(f"/careers/employers/jobs/{job}")).text
    assert job in (await moderator.get(f"/careers/moderation/jobs/{job}")).text


async def test_a_form_that_is_wrong_comes_back_with_what_was_typed(person: People) -> None:
    boss = person("a:boss")
    company = await new_company(boss)
    await boss.get(f"/careers/employers/{company}/post")
    answer = await boss.post(
        f"/careers/employers/{company}/jobs",
        {**JOB, "title": "X", "workplace": "on-site", "pay_low": "a lot", "apply_url": "javascript:alert(1)"},
    )
    assert answer.status_code == 422
    for said in ("Give the job a title", "in which city", "Pay is an amount", "begins with https://"):
        assert said in answer.text
    assert "Assign ICD-10-CM" in answer.text


async def test_three_reports_take_a_job_off_until_a_moderator_has_looked(
    world: World, person: People
) -> None:
    job = await world.job(await world.company())
    for number in range(3):
        one = person(f"a:p{number}")
        await one.get(f"/careers/jobs/{job}")
        for _ in range(2):
            await one.post(f"/careers/jobs/{job}/report", {"kind": "scam", "text": "asks for money"})
    assert (await person().get(f"/careers/jobs/{job}")).status_code == 410
    moderator = person("a:mod", roles=["moderator"])
    assert "asks for money" in (await moderator.get("/careers/moderation")).text
    await moderator.post(f"/careers/moderation/{job}", {"decision": "approve", "reason": "looked at"})
    assert (await person().get(f"/careers/jobs/{job}")).status_code == 200


async def test_an_unconfirmed_job_is_asked_about_and_then_closes_by_itself(
    world: World, person: People
) -> None:
    from ahead.careers.employers.keeping import Keeping

    company = await world.company(contact="jobs@harbor.example")
    job, other = await world.job(company), await world.job(company, title="Outpatient Auditor")
    keeping = Keeping(world.database, world.settings, world.clock)
    assert await keeping.ask() == 0
    world.clock.advance(timedelta(days=11, minutes=1))
    assert await keeping.ask() == 2
    assert await keeping.ask() == 0
    mails = await world.mails("jobs@harbor.example")
    links = [re.search(r"http://127.0.0.1:8080(\S+/confirm/\S+)", text_of([mail])) for mail in mails]
    mine = next(link[1] for link in links if link and job in link[1])
    reader = person()
    assert "Yes, it is open" in (await reader.get(mine)).text
    token = mine.split("token=")[1]
    assert (await reader.post(mine.split("?")[0], {"token": token})).status_code == 200
    world.clock.advance(timedelta(days=3))
    assert (await reader.get(f"/careers/jobs/{job}")).status_code == 200
    assert (await reader.get(f"/careers/jobs/{other}")).status_code == 410, "also before anything has swept"
    assert await keeping.close_ended() == 1
    assert (await reader.post(mine.split("?")[0], {"token": token})).status_code == 404, "a link works once"


def text_of(mails: list) -> str:  # pyright: ignore[reportMissingTypeArgument]
    return "\n".join(mail.get_payload(decode=True).decode() for mail in mails)


async def test_a_company_has_people_with_roles_and_always_an_owner(world: World, person: People) -> None:
    boss, rita = person("a:boss"), person("a:rita")
    company = await new_company(boss)
    await boss.get(f"/careers/employers/{company}")
    answer = await boss.post(f"/careers/employers/{company}/invitations", {"role": "recruiter"})
    token = answer.headers["location"].split("invitation=")[1]
    await rita.get(f"/careers/employers/join?token={token}")
    await rita.post("/careers/employers/join", {"token": token})
    path = f"/careers/employers/{company}/members"
    assert (await rita.post(path, {"member": "a:boss", "role": "reviewer"})).status_code == 403
    page = await boss.get(f"/careers/employers/{company}")
    assert "a:rita" in page.text
    assert (await boss.post(path, {"member": "a:boss", "role": "reviewer"})).status_code == 409, (
        "the only owner"
    )
    assert (await boss.post(path, {"member": "a:rita", "role": "owner"})).status_code == 303
    assert (await rita.post(path, {"member": "a:boss", "role": "none"})).status_code == 303
    assert (await boss.get(f"/careers/employers/{company}")).status_code == 404
    assert (await rita.post(path, {"member": "a:rita", "role": "none"})).status_code == 409


async def test_a_domain_is_verified_by_a_mail_read_there_and_lost_with_the_website(
    world: World, person: People
) -> None:
    boss = person("a:boss")
    company = await new_company(boss)
    await boss.get(f"/careers/employers/{company}")
    profile, domain = f"/careers/employers/{company}/profile", f"/careers/employers/{company}/domain"
    assert (await boss.post(domain, {"address": "hr@harbor.example"})).status_code == 400
    await boss.post(profile, {"website": "https://www.harbor.example/jobs", "about": ""})
    assert (await boss.post(domain, {"address": "hr@elsewhere.example"})).status_code == 400
    assert (await boss.post(domain, {"address": "hr@harbor.example"})).status_code == 303
    link = re.search(
        r"http://127.0.0.1:8080(/careers/employers/domain/\S+)",
        text_of(await world.mails("hr@harbor.example")),
    )
    assert link
    reader = person()
    assert "Yes, it is ours" in (await reader.get(link[1])).text
    path, token = link[1].split("?token=")
    assert (await reader.post(path, {"token": "x" * 40})).status_code == 404
    assert "harbor.example" in (await reader.post(path, {"token": token})).text
    job = await draft(boss, company)
    await boss.post(f"/careers/employers/jobs/{job}/submit", {"until": ""})
    moderator = person("a:mod", roles=["moderator"])
    await moderator.get("/careers/moderation")
    await moderator.post(f"/careers/moderation/{job}", {"decision": "trust", "reason": ""})
    assert "Domain verified" in (await reader.get(f"/careers/jobs/{job}")).text
    await boss.get(f"/careers/employers/{company}")
    await boss.post(profile, {"website": "https://another.example", "about": ""})
    assert "Domain verified" not in (await reader.get(f"/careers/jobs/{job}")).text
    assert (await reader.post(path, {"token": token})).status_code == 404


async def test_an_edit_says_what_became_what_and_a_preview_shows_it_before(
    world: World, person: People
) -> None:
    boss = person("a:boss")
    company = await new_company(boss)
    job = await draft(boss, company)
    await boss.get(f"/careers/employers/jobs/{job}/edit")
    shown = await boss.post(
        f"/careers/employers/{company}/preview", {**JOB, "pay_high": "41", "title": "Lead Coder"}
    )
    assert "Lead Coder" in shown.text
    assert "$28.50 to $41 an hour" in shown.text
    assert "<html" not in shown.text
    await boss.post(f"/careers/employers/{company}/jobs", {**JOB, "pay_high": "41", "job_id": job})
    page = await boss.get(f"/careers/employers/jobs/{job}")
    assert (
        "$28.50 to $36 an hour ($59,280 to $74,880 a year at 2,080 hours) → $28.50 to $41 an hour"
        in page.text
    )


async def test_a_profile_is_filled_in_and_its_credentials_are_stated_until_checked(
    world: World, person: People
) -> None:
    ann, moderator = person("a:ann"), person("a:mod", roles=["moderator"])
    await ann.get("/careers/mine/profile")
    await ann.post(
        "/careers/mine/profile", {"name": "Ann Coder", "email": "ann@example.org", "about": "Six years."}
    )
    assert (
        await ann.post("/careers/mine/profile/credentials", {"credential": "CPC", "check": "yes"})
    ).status_code == 422
    await ann.post(
        "/careers/mine/profile/credentials", {"credential": "CPC", "number": "01234567", "check": "yes"}
    )
    boss = person("a:boss")
    company = await world.company("Harbor Clinics")
    async with world.database.write() as session:
        session.add(Member(company_id=company.id, subject="a:boss", role="owner", since=world.clock.now()))
    job = await world.job(company)
    form = await ann.get(f"/careers/jobs/{job}/apply")
    assert 'value="Ann Coder"' in form.text
    assert "Send the credentials of my profile: CPC" in form.text
    fields = {"name": "Ann Coder", "email": "ann@example.org", "letter": "x" * 30, "with_profile": "yes"}
    assert (await ann.post(f"/careers/jobs/{job}/apply", fields)).status_code in (200, 201)
    listed = await boss.get(f"/careers/employers/jobs/{job}/applications")
    one = re.search(r"/careers/employers/applications/[0-9a-f-]{36}", listed.text)
    assert one
    page = (await boss.get(one[0])).text
    assert "01234567" in page
    assert "AAPC says whether it is so" in page
    assert "Ask AAPC whether it is so" in (await moderator.get("/careers/moderation")).text
    check = {"subject": "a:ann", "credential": "CPC", "number": "01234567", "outcome": "right"}
    assert (await moderator.post("/careers/moderation/credentials", check)).status_code == 303
    assert "with AAPC" in (await boss.get(one[0])).text
    assert (await moderator.post("/careers/moderation/credentials", check)).status_code == 404
    assert any("was checked" in str(mail["Subject"]) for mail in await world.mails("ann@example.org"))
    await ann.get("/careers/mine/profile")
    await ann.post("/careers/mine/profile/credentials", {"credential": "CPC", "number": "7654321"})
    assert "AAPC says whether it is so" in (await boss.get(one[0])).text, "another number is unchecked again"


async def test_a_suspended_employers_jobs_leave_and_all_that_was_decided_is_on_record(
    world: World, person: People
) -> None:
    company = await world.company(contact="boss@gmail.com")
    jobs = [await world.job(company, title=f"Coder {number}") for number in range(2)]
    guest, moderator = person(), person("a:mod", roles=["moderator"])
    await guest.get(f"/careers/jobs/{jobs[0]}")
    await guest.post(f"/careers/jobs/{jobs[0]}/report", {"kind": "scam", "text": "asks for money"})
    page = await moderator.get("/careers/moderation")
    assert "free mail provider" in page.text
    said = {"decision": "suspend", "reason": "Takes money from candidates."}
    assert (await moderator.post(f"/careers/moderation/{jobs[0]}", said)).status_code == 303
    assert [(await guest.get(f"/careers/jobs/{job}")).status_code for job in jobs] == [410, 410]
    trail = (await moderator.get(f"/careers/moderation/jobs/{jobs[1]}")).text
    assert "suspend" in trail
    assert "a:mod" in trail
    assert "Takes money from candidates." in trail
