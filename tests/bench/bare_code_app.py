"""What a code by id is measured against: a handler with one indexed SELECT, on the same file and stack."""

import os
from pathlib import Path

import msgspec
from litestar import Litestar, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from sqlalchemy import select

from ahead.lookup.catalog.models import NODES
from ahead.lookup.catalog.repository import read_only_engine

PATH = Path(os.environ["BARE_RELEASE"])
RELEASE = int(PATH.name.partition("-")[0])
engine = read_only_engine(PATH)


class Code(msgspec.Struct):
    code: str
    dotted: str
    title: str
    billable: bool


@get("/codes/{code:str}", sync_to_thread=False)
def code(code: FromPath[str]) -> Code:
    columns = NODES.c.code, NODES.c.dotted, NODES.c.title, NODES.c.billable
    with engine.connect() as connection:
        row = connection.execute(
            select(*columns).where(NODES.c.release_id == RELEASE, NODES.c.code == code)
        ).first()
    if row is None:
        raise NotFoundException
    return Code(*row)


@get("/readyz", sync_to_thread=False)
def ready() -> str:
    return "ready"


app = Litestar([code, ready], logging_config=None, openapi_config=None)
