"""Resumes on the origin of files: a short signed link is the whole right, and no cookie is asked for or given."""

from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from ahead.careers.applications.files import TYPES
from ahead.careers.applications.service import Applications


class DownloadPages(Controller):
    include_in_schema = False
    path = "/files/careers"

    @get("/{application_id:str}")
    async def resume(
        self,
        application_id: FromPath[str],
        applications: NamedDependency[Applications],
        until: FromQuery[str] = "",
        token: FromQuery[str] = "",
    ) -> Response[Any]:
        """An attachment, whatever it is, that no page may show or read."""
        name, kind, body = await applications.resume_by_link(application_id, until, token[:64])
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Referrer-Policy": "no-referrer",
        }
        return Response(body, media_type=TYPES[kind], headers=headers)
