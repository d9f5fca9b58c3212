"""The allowance line of the header: what a visitor has left, said in one way everywhere."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Unit:
    """What an allowance counts, in words, from full to short, each singular and plural."""

    full: tuple[str, str]
    short: tuple[str, str]
    more: tuple[str, str]


CODE_VIEWS = Unit(("code page view", "code page views"), ("page view", "page views"), ("view", "views"))
QUESTIONS = Unit(("question", "questions"), ("question", "questions"), ("question", "questions"))
INQUIRIES = Unit(("inquiry", "inquiries"), ("inquiry", "inquiries"), ("inquiry", "inquiries"))


def _count(number: int, words: tuple[str, str]) -> str:
    return f"{number} {words[number != 1]}"


@dataclass(frozen=True)
class Allowance:
    """The true state of a visitor's allowance at the moment the page is made.

    Attributes:
        plan: guest, free or pro.
        limit: how many the plan has in this month; None is unlimited.
        used: how many are taken.
        more: how many a free account brings, for guests.
        renews: first day of the next month (UTC), when the count starts again.
    """

    plan: str
    limit: int | None
    used: int
    unit: Unit = CODE_VIEWS
    more: int = 5
    renews: date | None = None

    @property
    def remaining(self) -> int | None:
        """What is left; None is unlimited."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def state(self) -> str:
        """How much is left: "0 code page views remaining." """
        if self.remaining is None:
            return f"Unlimited {self.unit.full[1]}."
        return f"{_count(self.remaining, self.unit.full)} remaining."

    @property
    def rule(self) -> str:
        """What the plan allows: "Guest accounts are limited to 1 page view." Empty when unlimited."""
        if self.limit is None:
            return ""
        plan = {"guest": "Guest accounts", "free": "Free accounts"}.get(
            self.plan, f"{self.plan.title()} accounts"
        )
        if self.plan == "guest":
            return f"{plan} are limited to {_count(self.limit, self.unit.short)}."
        renews = f" The count starts again on {self.renews:%B} {self.renews.day}." if self.renews else ""
        return f"{plan} are limited to {_count(self.limit, self.unit.short)} a month.{renews}"

    @property
    def offer(self) -> tuple[str, str] | None:
        """For guests, a link's text and what follows it: "Register free account", " to get 5 more views." """
        if self.plan != "guest" or self.limit is None:
            return None
        return "Register free account", f" to get {self.more} more {self.unit.more[self.more != 1]}."

    @property
    def sentence(self) -> str:
        """The whole line as text, for JSON and mail."""
        parts = (self.state, self.rule, "".join(self.offer) if self.offer else "")
        return " ".join(part for part in parts if part)
