"""A list that was judged, as a file to download."""

from litestar import Response

from .schemas import ListAnswer
from .service import as_csv


def table_of(answer: ListAnswer) -> Response[str]:
    name = f"codes-{answer.as_of.isoformat()}.csv"
    return Response(
        as_csv(answer),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
