"""Stock engines over the codes that the search is measured on: code, title and inclusion terms, no settings of ours."""

import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import tantivy

from ahead.shared.search import meilisearch_binary
from ahead.shared.testing.meilisearch_server import MeilisearchServer
from ahead.shared.testing.postgres_server import PostgresServer

Row = tuple[str, str, str]
"""Dotted code, title, inclusion terms."""
Ask = Callable[[str], list[str]]
FIRST = 10
_WORD = re.compile(r"[^\W_]+")


def fts5(rows: Sequence[Row]) -> Ask:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE codes USING fts5(code, title, terms, tokenize='porter unicode61')"
    )
    connection.executemany("INSERT INTO codes VALUES (?, ?, ?)", rows)

    def ask(query: str) -> list[str]:
        words = [f'"{word}"' for word in _WORD.findall(query)]
        for joined in (" ".join(words), " OR ".join(words)):
            sql = "SELECT code FROM codes WHERE codes MATCH ? ORDER BY rank LIMIT ?"
            if joined and (found := connection.execute(sql, (joined, FIRST)).fetchall()):
                return [code for (code,) in found]
        return []

    return ask


def stock_tantivy(rows: Sequence[Row]) -> Ask:
    builder = tantivy.SchemaBuilder()
    for name in ("code", "title", "terms"):
        builder.add_text_field(name, stored=name == "code", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for code, title, terms in rows:
        writer.add_document(tantivy.Document(code=[code], title=[title], terms=[terms]))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(query: str) -> list[str]:
        words = " ".join(_WORD.findall(query.lower()))
        parsed, _ = index.parse_query_lenient(words, ["code", "title", "terms"])
        hits = searcher.search(parsed, FIRST).hits
        return [str(searcher.doc(address).get_first("code")) for _, address in hits]

    return ask


def stock_meilisearch(rows: Sequence[Row], stack: ExitStack, folder: Path) -> Ask:
    server = stack.enter_context(MeilisearchServer(folder, meilisearch_binary.ensure(folder / "program")))
    client = stack.enter_context(
        httpx.Client(
            base_url=server.url,
            headers={"Authorization": f"Bearer {server.master_key}"},
            timeout=60,
            trust_env=False,
        )
    )
    documents = [
        {"id": i, "code": code, "title": title, "terms": terms} for i, (code, title, terms) in enumerate(rows)
    ]
    task = client.post("/indexes/codes/documents?primaryKey=id", json=documents).json()["taskUid"]
    deadline = time.monotonic() + 600
    while (state := client.get(f"/tasks/{task}").json()["status"]) not in ("succeeded", "failed"):
        if time.monotonic() > deadline:
            raise TimeoutError("Meilisearch has not indexed the codes in ten minutes")
        time.sleep(0.2)
    if state == "failed":
        raise RuntimeError("Meilisearch refused the codes")

    def ask(query: str) -> list[str]:
        wanted = {"q": query, "limit": FIRST, "attributesToRetrieve": ["code"]}
        return [hit["code"] for hit in client.post("/indexes/codes/search", json=wanted).json()["hits"]]

    return ask


def postgres(rows: Sequence[Row], stack: ExitStack) -> Ask:
    server = PostgresServer()
    stack.callback(server.stop)
    url = server.new_database().replace("postgresql+psycopg://", "postgresql://")
    connection = stack.enter_context(psycopg.connect(url, autocommit=True))
    trigrams = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchone()
    if trigrams:
        connection.execute("CREATE EXTENSION pg_trgm")
    connection.execute("CREATE TABLE codes (code text, title text, terms text)")
    with connection.cursor() as cursor, cursor.copy("COPY codes FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(
        "ALTER TABLE codes ADD words tsvector GENERATED ALWAYS AS"
        " (to_tsvector('english', code || ' ' || title || ' ' || terms)) STORED"
    )
    connection.execute("CREATE INDEX ON codes USING gin (words)")
    if trigrams:
        connection.execute("CREATE INDEX ON codes USING gin (title gin_trgm_ops)")
    full = (
        "SELECT code FROM codes, plainto_tsquery('english', %s) q WHERE words @@ q"
        " ORDER BY ts_rank_cd(words, q, 2) DESC, code LIMIT %s"
    )
    near = "SELECT code FROM codes WHERE title %% %s ORDER BY similarity(title, %s) DESC, code LIMIT %s"

    def ask(query: str) -> list[str]:
        found = [code for (code,) in connection.execute(full, (query, FIRST))]
        if len(found) < FIRST and trigrams:
            found += [
                code for (code,) in connection.execute(near, (query, query, FIRST)) if code not in found
            ]
        return found[:FIRST]

    return ask
