"""What Case2Code is measured against: bare handlers on the same stack.

- ``/template``: a Litestar handler that renders a Jinja template of the size in ``BARE_PAGE_BYTES``.
- ``/durable``: a handler with one durable transaction, on the same database settings.
- ``/durable-page``: both in one handler: the transaction, then the template.
- ``/prefix``: a raw prefix query to the embedded engine over the same index.
"""

import os
from itertools import count
from pathlib import Path
from typing import Any

import jinja2
from litestar import Litestar, Response, get
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig
from sqlalchemy import Column, Integer, MetaData, String, Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.db.engine import Database

PAGE_BYTES = int(os.environ.get("BARE_PAGE_BYTES", "20000"))
DATABASE = os.environ.get("BARE_DATABASE", "")

ROW = '<li class="row"><a href="/codes/icd10cm/{{ row.code }}">{{ row.code }}</a> {{ row.title }}</li>\n'
SAMPLE = {"code": "E11.9", "title": "Type 2 diabetes mellitus without complications"}


def template_of_size(size: int) -> tuple[str, dict[str, Any]]:
    rendered = len(jinja2.Template(ROW).render(row=SAMPLE)) + 1
    source = "<!doctype html><html><body><ul>{% for row in rows %}" + ROW + "{% endfor %}</ul></body></html>"
    return source, {"rows": [SAMPLE] * max(1, round(size / rendered))}


SOURCE, CONTEXT = template_of_size(PAGE_BYTES)
environment = jinja2.Environment(loader=jinja2.DictLoader({"page.html": SOURCE}), autoescape=True)

metadata = MetaData()
grants = Table(
    "grants", metadata, Column("id", Integer, primary_key=True), Column("thing", String, nullable=False)
)
numbers = count()
database = Database(DATABASE) if DATABASE else None


@get("/template", sync_to_thread=False)
def template() -> Template:
    return Template("page.html", context=CONTEXT)


async def grant() -> None:
    assert database

    async def work(session: AsyncSession) -> None:
        await session.execute(insert(grants).values(thing=f"icd10cm/{next(numbers)}"))

    await database.transact(work)


@get("/durable")
async def durable() -> Response[str]:
    await grant()
    return Response("granted", media_type="text/plain")


@get("/durable-page")
async def durable_page() -> Template:
    await grant()
    return Template("page.html", context=CONTEXT)


@get("/readyz", sync_to_thread=False)
def ready() -> str:
    return "ready"


async def start() -> None:
    if database:
        Path(DATABASE.removeprefix("sqlite+aiosqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        async with database.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)


async def stop() -> None:
    if database:
        await database.close()


app = Litestar(
    [template, durable, durable_page, ready],
    template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
    on_startup=[start],
    on_shutdown=[stop],
    logging_config=None,
    openapi_config=None,
)
