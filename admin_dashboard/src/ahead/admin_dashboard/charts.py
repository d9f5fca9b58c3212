"""Charts that are read at a glance: a few colours that always mean the same, figures written where they lie."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ahead.admin_dashboard.filters import PLANS
from ahead.admin_dashboard.theme import PLAN_COLOURS, accent, ink, is_dark

Chart = alt.LayerChart | alt.FacetChart

# More bars than this leave no room for figures above them.
LABELLED_DAYS = 31
ROW_HEIGHT = 30


def _colours() -> list[str]:
    return PLAN_COLOURS["dark" if is_dark() else "light"]


def by_day(rows: Sequence[Mapping[str, Any]], days: Sequence[Any], noun: str) -> Chart:
    """Stacked bars per day and plan, the day's total above each.

    Args:
        rows: with `day`, `plan` and `count`.
        days: every day of the range, so that a day without anything is seen as one.
        noun: what is counted, in the plural.
    """
    plans = [*PLANS, *sorted({row["plan"] for row in rows} - set(PLANS))]
    frame = pd.DataFrame(
        [
            {"day": row["day"], "plan": row["plan"], "place": plans.index(row["plan"]), "count": row["count"]}
            for row in rows
        ],
        columns=["day", "plan", "place", "count"],
    )
    total: dict[str, int] = {day.isoformat(): 0 for day in days}
    for row in rows:
        total[row["day"]] = total.get(row["day"], 0) + row["count"]
    totals = pd.DataFrame([{"day": day, "total": count} for day, count in total.items()])
    few = len(days) <= LABELLED_DAYS
    axis = alt.Axis(
        title=None,
        labelAngle=0,
        labelOverlap="greedy",
        labelExpr="utcFormat(toDate(datum.value), '%b %-d')",
        ticks=False,
        domain=True,
        grid=False,
    )
    # Outer padding, in bars: a single day is a bar among the space of eight, not one as wide as the page.
    scale = alt.Scale(domain=list(total), paddingInner=0.3, paddingOuter=max(0.2, (8 - len(days)) / 2))
    x = alt.X("day:O", sort=list(total), scale=scale, axis=axis)
    most = max([*total.values(), 1])
    y_axis = alt.Axis(
        title=f"{noun} a day", tickMinStep=1, tickCount=4, format="~s" if most >= 10_000 else ",d"
    )
    y = alt.Y("count:Q", stack="zero", axis=y_axis, scale=alt.Scale(domainMin=0, domainMax=most * 1.12))
    bars = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "plan:N",
                scale=alt.Scale(domain=plans, range=(_colours() * 3)[: len(plans)]),
                legend=alt.Legend(title=None, orient="top", direction="horizontal"),
            ),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("day:O", title="Day"),
                alt.Tooltip("plan:N", title="Plan"),
                alt.Tooltip("count:Q", title=noun, format=",d"),
            ],
        )
    )
    labels = (
        alt.Chart(totals[totals["total"] > 0] if few else totals.iloc[0:0])
        .mark_text(dy=-7, fontSize=12, color=ink())
        .encode(x=x, y=alt.Y("total:Q", axis=y_axis), text=alt.Text("total:Q", format=",d"))
    )
    return alt.layer(bars, labels).properties(height=240)


def bars_with_figures(
    rows: Sequence[Mapping[str, Any]], label: str, figure: str, text: str, *, title: str = ""
) -> Chart:
    """Horizontal bars in the order given, what they say written beside them.

    Args:
        label: key of the name left of a bar.
        figure: key of its length.
        text: key of what is written at its end.
    """
    frame = pd.DataFrame([{"name": row[label], "figure": row[figure], "text": row[text]} for row in rows])
    names = [row[label] for row in rows]
    most = max([row[figure] for row in rows] + [1])
    y = alt.Y(
        "name:N",
        sort=names,
        axis=alt.Axis(title=None, ticks=False, domain=False, labelLimit=260, labelPadding=8, grid=False),
    )
    x = alt.X(
        "figure:Q",
        # Room at the right for the longest text.
        scale=alt.Scale(domain=[0, most * 1.35]),
        axis=None,
        title=title or None,
    )
    base = alt.Chart(frame).encode(
        y=y,
        tooltip=[alt.Tooltip("name:N", title="What"), alt.Tooltip("figure:Q", title="Count", format=",d")],
    )
    bars = base.mark_bar(color=accent(), height={"band": 0.62}).encode(x=x)
    figures = base.mark_text(align="left", dx=6, fontSize=13, color=ink()).encode(x=x, text="text:N")
    return alt.layer(bars, figures).properties(height=max(1, len(rows)) * ROW_HEIGHT)
