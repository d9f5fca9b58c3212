"""Units of timed therapy on one day: Medicare's 8-minute rule, and the AMA's midpoint rule beside it.

8-minute rule (Medicare Claims Processing Manual, Pub. 100-04, chapter 5, section 20.2): all timed minutes of the day
are added up, 8 to 22 minutes are one unit, 23 to 37 two, and so on; each code first gets its full quarters of an hour,
and what is left goes to the codes with the most minutes left. Midpoint rule (CPT): each code by itself, a unit when
more than half of its 15 minutes is reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass

QUARTER = 15
MIDPOINT = 8
"""More than half of 15 minutes, in whole minutes."""
MEDICARE_RULE = "Medicare Claims Processing Manual, Pub. 100-04, chapter 5, section 20.2"
AMA_RULE = "CPT time rule: a unit is attained when the midpoint is passed"


@dataclass(frozen=True)
class Service:
    """Minutes of one code on one day. A code that isn't timed counts one unit, whatever the minutes."""

    code: str
    minutes: int
    timed: bool = True


@dataclass(frozen=True)
class Units:
    service: Service
    medicare: int
    ama: int
    why: str


def medicare_total(minutes: int) -> int:
    """Units for all timed minutes of a day: 8 to 22 are one, 23 to 37 two, 38 to 52 three, …"""
    return (minutes + QUARTER - MIDPOINT) // QUARTER


def midpoint(minutes: int) -> int:
    """Units of one code by itself."""
    return minutes // QUARTER + (minutes % QUARTER >= MIDPOINT)


def count(services: Sequence[Service]) -> list[Units]:
    """In the order given; lines of one code are told apart, so give the minutes of a code together."""
    timed = [number for number, one in enumerate(services) if one.timed]
    total = medicare_total(sum(services[number].minutes for number in timed))
    units = {number: services[number].minutes // QUARTER for number in timed}
    left = {number: services[number].minutes % QUARTER for number in timed}
    more: set[int] = set()
    for number in sorted(timed, key=lambda n: (-left[n], n)):
        if sum(units.values()) >= total or not left[number]:
            break
        units[number] += 1
        more.add(number)
    return [_told(number, one, units, left, more) for number, one in enumerate(services)]


def _told(number: int, one: Service, units: dict[int, int], left: dict[int, int], more: set[int]) -> Units:
    if not one.timed:
        return Units(one, 1, 1, "Not timed: one unit, whatever the minutes.")
    full = one.minutes // QUARTER
    quarters = f"{full} full quarter{'' if full == 1 else 's'} of an hour"
    if number in more:
        why = f"{quarters}, and one of the units left for the {left[number]} minutes beyond."
    elif left[number]:
        why = f"{quarters}; the {left[number]} minutes beyond bring no unit: the day's total is used up."
    else:
        why = f"{quarters}."
    return Units(one, units[number], midpoint(one.minutes), why)
