"""How often jobs were viewed and applied for, asked of metering: CareerCenter counts nothing itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ahead.careers.settings import SERVICE, Settings
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.errors import Problem
from ahead.shared.logging import get_logger

log = get_logger(__name__)
USAGE = "/api/metering/v1/usage"
AT_ONCE = 50
"""Things that metering takes in one question."""
DAYS = 365
PEOPLE = ("guest", "free", "pro")
"""Their plans; robots have one of their own."""
_METRICS = {"job.viewed": "views", "application.submitted": "applications"}


class Counted(msgspec.Struct):
    """Of one job in the last year: views (one a person and day), people, applications here and elsewhere."""

    views: int = 0
    people: int = 0
    applications: int = 0


class Statistics:
    def __init__(self, settings: Settings, client: ServiceClient | None = None) -> None:
        self._client = client or ServiceClient(
            settings.shared, SERVICE, settings.service_key, ["metering:read"], timeout=3.0
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def of(self, ids: Sequence[str], at: datetime) -> Mapping[str, Counted] | None:
        """By job; jobs that nobody looked at have zeros. None where metering isn't there or doesn't answer."""
        if not self._client.installed("metering"):
            return None
        counted = {one: Counted() for one in ids}
        try:
            for start in range(0, len(ids), AT_ONCE):
                for row in await self._ask(ids[start : start + AT_ONCE], at):
                    one = counted[row["thing"]]
                    setattr(one, _METRICS[row["metric"]], int(row["count"]))
                    if row["metric"] == "job.viewed":
                        one.people = int(row["principals"])
        except (Problem, KeyError, ValueError) as error:
            log.warning("careers.no_statistics", reason=str(error))
            return None
        return counted

    async def _ask(self, ids: Sequence[str], at: datetime) -> list[dict[str, Any]]:
        params: dict[str, Any] = {
            "product": SERVICE, "metric": list(_METRICS), "thing": list(ids), "group_by": "thing,metric",
            "plan": list(PEOPLE), "from": (at - timedelta(days=DAYS)).date().isoformat(), "limit": 1000,
        }  # fmt: skip
        answer = await self._client.request("GET", "metering", USAGE, params=params)
        if answer.status_code != 200:
            raise ValueError(f"metering answered with status {answer.status_code}")
        return answer.json()["rows"]
