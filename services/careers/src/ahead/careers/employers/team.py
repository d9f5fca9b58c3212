"""A company's people, and whether it is who it says: members with roles, and a domain where somebody reads its mail."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.careers.employers.service import RANK, Employers
from ahead.careers.mails import service as mails
from ahead.careers.models import Company, Member
from ahead.careers.settings import Settings
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Conflict, NotFound
from ahead.shared.mail import BadAddress, checked_address

# Anybody has an address there: it proves nothing about an employer.
FREE_MAIL = frozenset(
    (
        "aol.com", "gmail.com", "gmx.com", "gmx.net", "hotmail.com", "icloud.com", "live.com", "mail.com", "me.com",
        "msn.com", "outlook.com", "proton.me", "protonmail.com", "yahoo.com", "ymail.com", "zoho.com",
    )
)  # fmt: skip


def domain_of(website: str) -> str:
    """The host of an address without www; "" without one."""
    return (urlsplit(website).hostname or "").lower().removeprefix("www.") if website else ""


def mail_domain_of(address: str) -> str:
    return address.rpartition("@")[2].strip().lower()


def signs_of(company: Company) -> list[str]:
    """What a moderator should know of an employer before trusting it."""
    found: list[str] = []
    if mail_domain_of(company.contact) in FREE_MAIL:
        found.append("The employer's address is one of a free mail provider.")
    if not company.domain and company.standing == "new" and not company.example:
        found.append("The employer has not shown that it owns a domain.")
    return found


class Team:
    def __init__(self, database: Database, settings: Settings, clock: Clock, employers: Employers) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._employers = employers

    async def members(self, principal: Principal, company_id: str) -> Sequence[Member]:
        async with self._database.read() as session:
            await self._employers.company_for(session, principal, company_id)
            statement = select(Member).where(Member.company_id == company_id).order_by(col(Member.since))
            return list((await session.scalars(statement)).all())

    async def change_member(self, principal: Principal, company_id: str, subject: str, role: str) -> None:
        """Give a member another role, or with role "" take them out. Everybody may leave by themselves.

        Raises:
            Conflict: the company would have no owner.
        """
        if role and role not in RANK:
            raise BadInput("Choose a role.")
        leaves = not role and subject == principal.subject
        async with self._database.write() as session:
            await self._employers.company_for(
                session, principal, company_id, "reviewer" if leaves else "owner"
            )
            member = await session.get(Member, (company_id, subject)) if len(subject) <= 80 else None
            if member is None:
                raise NotFound("There is no such member.")
            if member.role == "owner" and role != "owner" and await _owners(session, company_id) < 2:
                raise Conflict("A company needs an owner.", hint="Make somebody else an owner first.")
            if role:
                member.role = role
                session.add(member)
            else:
                await session.delete(member)

    async def ask_domain(self, principal: Principal, company_id: str, address: str) -> None:
        """Send a link to an address at the company's own domain; whoever opens it has shown that it is theirs.

        Raises:
            BadInput: the address isn't at the domain of the company's website.
        """
        address = address.strip()
        try:
            checked_address(address)
        except BadAddress as error:
            raise BadInput(f"That is not an e-mail address: {error}.") from error
        now = self._clock.now()
        async with self._database.write() as session:
            own = await self._employers.company_for(session, principal, company_id, "owner")
            domain = domain_of(own.company.website)
            if not domain:
                raise BadInput("Give the company's website first.")
            if domain in FREE_MAIL or mail_domain_of(address) != domain:
                raise BadInput(f"The address has to be one at {domain}, the domain of the company's website.")
            token = self._settings.sign("domain", company_id, domain)
            link = f"{self._settings.site}/careers/employers/domain/{company_id}?token={token}"
            await mails.queue(
                session,
                self._clock,
                kind="domain",
                key=(company_id, address.lower(), now.date().isoformat()),
                recipient=address,
                subject=f"Is {own.company.name} at {domain}?",
                body=f"Somebody posts jobs on CareerCenter for {own.company.name} and says that {domain} is theirs.\n\n"
                f"If that is so, say it here:\n{link}\n\nIf not, do nothing.\n",
            )

    async def confirm_domain(self, company_id: str, token: str) -> Company:
        """From the mail. Raises NotFound for a link that isn't ours, or is of a website that was changed since."""
        async with self._database.write() as session:
            company = await session.get(Company, company_id) if len(company_id) <= 36 else None
            domain = domain_of(company.website) if company else ""
            if (
                company is None
                or not domain
                or not self._settings.is_signed(token, "domain", company.id, domain)
            ):
                raise NotFound("This link is not complete, or the company's website was changed since.")
            company.domain, company.domain_at = domain, self._clock.now()
            session.add(company)
        return company


async def _owners(session: AsyncSession, company_id: str) -> int:
    counting = select(func.count()).where(Member.company_id == company_id, Member.role == "owner")
    return int((await session.execute(counting)).scalar_one())
