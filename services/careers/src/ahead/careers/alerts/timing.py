"""When an alert is due: at seven in the morning where the candidate lives, by whatever clock rules there."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Puerto Rico",
}
HOUR = time(7, 0)
INSTANT = timedelta(minutes=10)
MONDAY = 0


def next_due(frequency: str, zone: str, after: datetime) -> datetime:
    """The first moment after another at which an alert of this kind goes out. Instant ones: in ten minutes."""
    if frequency == "instant":
        return after + INSTANT
    there = ZoneInfo(zone)
    day = after.astimezone(there).date()
    while True:
        due = datetime.combine(day, HOUR, tzinfo=there).astimezone(UTC)
        if due > after and (frequency == "daily" or day.weekday() == MONDAY):
            return due
        day += timedelta(days=1)
