"""All tables of the service's database in one metadata: what migrations compare with."""

from ahead.lookup.catalog.models import metadata
from ahead.lookup.cpt.models import LICENCE_STATEMENTS
from ahead.lookup.loads.models import LICENCES, LOADS
from ahead.lookup.personal.models import TABLES as PERSONAL
from ahead.lookup.search.models import CODE_USES
from ahead.shared.auth.guests import guest_tables
from ahead.shared.db.outbox import job_table, outbox_table
from ahead.shared.erasure import erasure_table
from ahead.shared.events.dead_letters import dead_letter_table
from ahead.shared.metering.allowance import allowance_tables

OUTBOX = outbox_table(metadata)
JOBS = job_table(metadata)
ALLOWANCE = allowance_tables(metadata)
GUESTS = guest_tables(metadata)
ERASURES = erasure_table(metadata)
DEAD_LETTERS = dead_letter_table(metadata)

__all__ = [
    "ALLOWANCE",
    "CODE_USES",
    "DEAD_LETTERS",
    "ERASURES",
    "GUESTS",
    "JOBS",
    "LICENCES",
    "LICENCE_STATEMENTS",
    "LOADS",
    "OUTBOX",
    "PERSONAL",
    "metadata",
]
