from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from ahead.shared.search.fallback import FallbackEngine
from ahead.shared.search.index import SearchEngine, SearchIndex
from ahead.shared.search.meilisearch import MeilisearchEngine
from ahead.shared.search.rebuild import rebuild_if_changed
from ahead.shared.search.tantivy import TantivyEngine
from ahead.shared.testing.meilisearch_server import MeilisearchServer

from .library import BOOKS, schema


@pytest.fixture(scope="session")
def tantivy_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tantivy")


BOTH = frozenset(
    {
        "test_a_failed_rebuild_leaves_the_index_as_it_was",
        "test_a_rebuild_replaces_everything_and_says_what_it_was_built_from",
        "test_a_search_without_an_index_says_so",
        "test_another_schema_version_is_another_index",
        "test_single_documents_change_and_go",
        "test_several_queries_are_answered_in_one_exchange",
    }
)
"""What is also asked of the two engines as one in the short form; with --long it is everything."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        both = metafunc.config.getoption("--long") or metafunc.function.__name__ in BOTH
        engines = ["tantivy", "meilisearch", *(["both"] if both else [])]
        metafunc.parametrize("engine", engines, indirect=True)


@pytest.fixture
async def engine(request: pytest.FixtureRequest, tantivy_directory: Path) -> AsyncGenerator[SearchEngine]:
    """Each real engine in turn, and the two as one: what a test says of one it says of both."""
    opened: SearchEngine
    if request.param == "tantivy":
        opened = TantivyEngine(tantivy_directory)
    else:
        server: MeilisearchServer = request.getfixturevalue("meilisearch_server")
        opened = MeilisearchEngine(server.url, server.master_key)
        if request.param == "both":
            opened = FallbackEngine(opened, TantivyEngine(tantivy_directory / "beside"))
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def shared_name() -> str:
    return schema().name


@pytest.fixture
async def books(engine: SearchEngine, shared_name: str) -> SearchIndex:
    """Built once per engine, for tests that only read."""
    index = engine.index(schema(name=shared_name))
    await rebuild_if_changed(index, lambda: BOOKS, fingerprint="shared")
    return index
