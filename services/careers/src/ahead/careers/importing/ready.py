"""A feed's job made ready for the database, as far as that needs no look into it: it is done where the feed is read."""

import msgspec

from ahead.careers.importing.duplicates import bucket_of, fingerprint
from ahead.careers.importing.reading import FeedJob
from ahead.careers.jobs.schemas import dump
from ahead.careers.jobs.story import told_of
from ahead.careers.moderation.flags import flags_in
from ahead.shared.search.analysis import raw_words


class Ready(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`problem` says why a job can't be taken; then the rest is empty.

    `facts`: the text that `jobs.schemas.dump` makes. `told`: its story but for the employer.
    """

    reference: str
    company: str
    problem: str = ""
    facts: str = ""
    flagged: bool = False
    told: str = ""
    bucket: str = ""
    fingerprint: str = ""


def ready_of(job: FeedJob, own: str) -> Ready:
    """Args:
    own: the company whose feed it is, whatever the feed says; "" where the feed names the employers.
    """
    company = own or job.company
    facts = job.facts
    if facts is None or not company:
        return Ready(job.reference, company, job.problem or "It names no employer.")
    title, text = raw_words(facts.title), raw_words(job.text)
    return Ready(
        job.reference,
        company,
        "",
        dump(facts),
        bool(flags_in(facts, f"{facts.title}\n{job.text}", title, text)),
        told_of(facts),
        bucket_of(facts),
        fingerprint(title, text, company),
    )
