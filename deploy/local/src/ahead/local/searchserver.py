"""The search engine of one machine: Meilisearch where it is asked for or found, else Tantivy in the services."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ahead.local import place, probes
from ahead.local.child import Plan
from ahead.local.failure import Failure
from ahead.local.servers import HOST

Search = Literal["tantivy", "meilisearch"]
URL = "AHEAD_MEILISEARCH_URL"


def wanted(asked: Search | None) -> Path | None:
    """The Meilisearch program to start; None when another one's address is set or Tantivy will do.

    Raises:
        Failure: it was asked for and can't be had.
    """
    if asked == "tantivy" or os.environ.get(URL):
        return None
    found = shutil.which("meilisearch")
    if found or asked is None:
        return Path(found) if found else None
    from ahead.shared.search import meilisearch_binary

    try:
        return meilisearch_binary.ensure(place.cache_folder() / "meilisearch")
    except meilisearch_binary.MeilisearchUnavailable as error:
        raise Failure(f"{error}; or start with --search tantivy") from error


@dataclass(frozen=True)
class SearchServer:
    """A Meilisearch of our own. Its master key stays here: who serves pages may search, nothing else."""

    program: Path
    folder: Path
    port: int
    master_key: str

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def plan(self, env: Mapping[str, str]) -> Plan:
        from ahead.shared.search import meilisearch_binary

        config = meilisearch_binary.write_config(self.folder, port=self.port, master_key=self.master_key)
        argv = tuple(meilisearch_binary.command(self.program, config))
        return Plan("meilisearch", argv, env, probes.http(HOST, self.port, "/health"))

    async def keys(self) -> tuple[str, str]:
        """A key that may search, and one that may also build indexes."""
        from ahead.shared.search.meilisearch import MeilisearchEngine

        engine = MeilisearchEngine(self.url, self.master_key)
        try:
            reading = await engine.issue_key("ahead reads", may_write=False)
            return reading, await engine.issue_key("ahead builds", may_write=True)
        finally:
            await engine.close()
