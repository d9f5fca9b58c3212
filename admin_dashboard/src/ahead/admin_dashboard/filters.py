"""What every page's figures are about: a stretch of time and plans."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import streamlit as st

PLANS = ("guest", "free", "pro")
RANGES = {"Today": 1, "7 days": 7, "30 days": 30, "90 days": 90, "1 year": 365}
OWN = "Other dates"


@dataclass(frozen=True)
class Filters:
    """Days are in UTC and both included; no plans means all."""

    first: date
    last: date
    plans: tuple[str, ...]

    @property
    def span(self) -> dict[str, str]:
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def wanted_plans(self) -> list[str]:
        """For the interface: nothing when all are wanted, so that plans nobody thought of count too."""
        return [] if set(self.plans) >= set(PLANS) else list(self.plans)

    @property
    def words(self) -> str:
        days = f"{self.first:%b} {self.first.day}, {self.first.year}"
        if self.last != self.first:
            days = f"{days} to {self.last:%b} {self.last.day}, {self.last.year}"
        plans = "all plans" if not self.wanted_plans else f"plan {' and '.join(self.wanted_plans)}"
        return f"{days} (UTC), {plans}"


def choose(today: date | None = None) -> Filters:
    """Draw the filters in the sidebar and return what is chosen."""
    today = today or datetime.now(UTC).date()
    with st.sidebar:
        chosen = st.radio("Time", [*RANGES, OWN], index=1, key="range")
        first, last = today - timedelta(days=RANGES.get(chosen, 7) - 1), today
        if chosen == OWN:
            picked = st.date_input(
                "From and to", (first, last), max_value=today, key="dates", format="YYYY-MM-DD"
            )
            # While the second day isn't picked yet, there is only the first.
            if len(picked) == 2:
                first, last = picked
            elif len(picked) == 1:
                first = last = picked[0]
        plans = st.multiselect(
            "Plans", PLANS, default=PLANS, key="plans", help="None chosen means all of them."
        )
    return Filters(first, last, tuple(plans) or PLANS)
