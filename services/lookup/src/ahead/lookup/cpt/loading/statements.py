"""Statements of operators that they hold a licence: kept before the text that they are about is loaded."""

from collections.abc import Sequence

from sqlalchemy import insert

from ahead.lookup.catalog.loading.icd10cm_release import Statement
from ahead.lookup.catalog.loading.sources import Work
from ahead.lookup.catalog.loading.store import ReleaseStore

from ..kinds import LICENSED
from ..models import LICENCE_STATEMENTS


class StatementStore(ReleaseStore):
    def keep(self, statement: Statement, works: Sequence[Work]) -> int:
        """Records the statement once for each release of licensed text; returns how many."""
        about = [work for work in works if work.kind == LICENSED]
        with self._engine.begin() as connection:
            for work in about:
                connection.execute(
                    insert(LICENCE_STATEMENTS).values(
                        subject="cpt",
                        holder=statement.holder[:200],
                        stated_by=statement.stated_by[:120],
                        stated_at=self._clock.now(),
                        files=", ".join(file.name for file in work.files)[:2_000],
                    )
                )
        return len(about)
