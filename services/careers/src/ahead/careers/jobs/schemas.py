"""What is said about a job: one value that the form, an import and the generator all make."""

import msgspec

from ahead.careers.vocabulary import PAY_UNITS, STATES, experience_of

HOURS_A_YEAR = 2080
"""A full-time year at 40 hours a week, by which hourly and yearly pay are compared."""


class Pay(msgspec.Struct, frozen=True):
    """The employer's own figures, in cents. `charts_an_hour` makes pay per chart comparable, where stated."""

    unit: str
    low: int
    high: int
    charts_an_hour: int = 0

    @property
    def by_the_year(self) -> tuple[int, int] | None:
        """(low, high) in dollars a year for a full-time year; None where nothing stated allows it."""
        hours = {"year": 1, "hour": HOURS_A_YEAR, "chart": HOURS_A_YEAR * self.charts_an_hour}[self.unit]
        return (self.low * hours // 100, self.high * hours // 100) if hours else None

    @property
    def text(self) -> str:
        figures = (
            _dollars(self.low) if self.low == self.high else f"{_dollars(self.low)} to {_dollars(self.high)}"
        )
        return f"{figures} {PAY_UNITS[self.unit]}"


def _dollars(cents: int) -> str:
    return f"${cents // 100:,}" if cents % 100 == 0 else f"${cents / 100:,.2f}"


class JobFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A job as its employer describes it. `description` is cleaned HTML; keys are those of vocabulary.py.

    Written down without what nobody has said. Two texts may therefore be the same facts: compare what `parse` makes.

    workplace "remote": `states` are those allowed, none meaning all of the United States; else city and state.
    credentials: `credentials_all` says whether all of those required are needed, or any of them.
    """

    title: str
    description: str
    city: str = ""
    state: str = ""
    zip: str = ""
    workplace: str = "on-site"
    states: tuple[str, ...] = ()
    employment: tuple[str, ...] = ("full-time",)
    kind: str = "production"
    setting: str = ""
    specialties: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    credentials_all: bool = False
    preferred: tuple[str, ...] = ()
    apprentice: bool = False
    code_sets: tuple[str, ...] = ()
    years: int = 0
    pay: Pay | None = None
    software: str = ""
    productivity: str = ""
    coding_test: str = ""
    equipment: bool = False
    apply_url: str = ""
    questions: tuple[str, ...] = ()

    @property
    def experience(self) -> str:
        return experience_of(self.years)

    @property
    def place(self) -> str:
        """Where the work is done, for people."""
        if self.workplace == "remote":
            if not self.states:
                return "Remote, anywhere in the United States"
            if len(self.states) <= 3:
                return "Remote in " + ", ".join(STATES.get(state, state) for state in self.states)
            return f"Remote in {len(self.states)} states"
        where = ", ".join(part for part in (self.city, self.state) if part)
        return f"{where} (hybrid)" if self.workplace == "hybrid" else where

    @property
    def search_states(self) -> tuple[str, ...]:
        """The states in which somebody can do this job."""
        if self.workplace == "remote":
            return self.states or tuple(STATES)
        return (self.state,) if self.state else ()


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(JobFacts)


def dump(facts: JobFacts) -> str:
    return _ENCODER.encode(facts).decode()


def parse(text: str) -> JobFacts:
    return _DECODER.decode(text)
