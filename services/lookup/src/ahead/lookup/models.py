"""All tables of the service's database in one metadata: what migrations compare with."""

from ahead.lookup.catalog.models import metadata
from ahead.shared.auth.guests import guest_tables
from ahead.shared.db.outbox import job_table, outbox_table
from ahead.shared.metering.allowance import allowance_tables

OUTBOX = outbox_table(metadata)
JOBS = job_table(metadata)
ALLOWANCE = allowance_tables(metadata)
GUESTS = guest_tables(metadata)

__all__ = ["ALLOWANCE", "GUESTS", "JOBS", "OUTBOX", "metadata"]
