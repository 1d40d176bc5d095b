"""Migrations of real projects, where a directory of checkouts is given."""

import os
from pathlib import Path

import pytest
from tests.sql import oracle, public

VARIABLE = "IACPOLICY_PUBLIC_MIGRATIONS"


def test_no_model_of_a_real_project_contradicts_postgresql(server: oracle.Server) -> None:
    """For every migration that PostgreSQL accepts, the model is equal or has a reason for a difference."""
    directory = os.environ.get(VARIABLE)
    if not directory:
        pytest.skip(f"{VARIABLE} names no directory of checkouts")
    with public.with_roles(server):
        outcomes = [public.hold(server, name, files) for name, files in public.sets(Path(directory))]
    assert [(outcome.name, outcome.wrong) for outcome in outcomes if outcome.wrong] == []
