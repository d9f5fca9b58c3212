from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from ahead.shared.search.index import SearchEngine
from ahead.shared.search.meilisearch import MeilisearchEngine
from ahead.shared.search.tantivy import TantivyEngine
from ahead.shared.testing.meilisearch_server import MeilisearchServer


@pytest.fixture(scope="session")
def tantivy_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tantivy")


@pytest.fixture(params=["tantivy", "meilisearch"])
async def engine(request: pytest.FixtureRequest, tantivy_directory: Path) -> AsyncGenerator[SearchEngine]:
    """Each real engine in turn: what a test says of one it says of both."""
    opened: SearchEngine
    if request.param == "tantivy":
        opened = TantivyEngine(tantivy_directory)
    else:
        server: MeilisearchServer = request.getfixturevalue("meilisearch_server")
        opened = MeilisearchEngine(server.url, server.master_key)
    yield opened
    await opened.close()
