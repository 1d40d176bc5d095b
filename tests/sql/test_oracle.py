"""The model compared with a real PostgreSQL that ran the same files."""

import re

import pytest
from tests.sql import cases, oracle
from tests.sql.compare import contradictions

from iacpolicy.core.tree import WorkTree
from iacpolicy.sql.migrations.discover import load
from iacpolicy.sql.migrations.supabase_config import DefaultGrants
from iacpolicy.sql.model.database import TableKind
from iacpolicy.sql.privileges.exposure import Verdict, exposures


@pytest.mark.parametrize("name", [name for name in cases.NAMES if cases.without_oracle(name) is None])
def test_the_model_equals_postgresql(name: str, server: oracle.Server) -> None:
    """Tables, columns, policies, grants, roles, views and functions are equal, or doubted with a reason."""
    model, diagnostics = cases.load(name)
    with server.database() as connection:
        oracle.apply(connection, [path.read_text(encoding="utf-8") for path in cases.files(name)])
        assert contradictions(connection, model.database) == []
    assert [said for said in diagnostics if said.severity == "error"] == []


def test_the_model_of_infra_equals_postgresql(server: oracle.Server) -> None:
    """The model of infra/'s database equals a real PostgreSQL after its migrations, and no table is exposed."""
    tree = WorkTree(cases.ROOT.parents[1] / "infra")
    (model,), diagnostics = load(tree)
    assert diagnostics == ()
    assert [answer for answer in exposures(model) if answer.verdict is not Verdict.FINE] == []
    with server.database() as connection:
        texts = [(tree.root / path).read_text(encoding="utf-8") for path in model.migrations.files]
        # The embedded server has no contrib modules; the prelude has substitutes for their functions.
        oracle.apply(connection, [re.sub(r"(?i)\bcreate extension\b[^;]*;", "", text) for text in texts])
        assert contradictions(connection, model.database) == []


@pytest.mark.parametrize("name", [name for name in cases.NAMES if cases.without_oracle(name) is None])
def test_the_verdicts_agree_with_the_catalogue(name: str, server: oracle.Server) -> None:
    """No exposed table has the verdict fine, and none with row-level security the verdict exposed."""
    model, _ = cases.load(name)
    with server.database() as connection:
        if model.default_grants is DefaultGrants.NONE:
            connection.execute(oracle.WITHOUT_DEFAULTS)
        oracle.apply(connection, [path.read_text(encoding="utf-8") for path in cases.files(name)])
        held = oracle.tables(connection)
        reachable = oracle.reachable(connection)
    wrong = []
    for answer in exposures(model):
        key = (answer.table.name.schema, answer.table.name.name)
        protected = held[key][0] if key in held else True
        is_open = key in reachable and key[0] in model.exposed_schemas and not protected
        foreign = answer.table.kind is TableKind.FOREIGN
        if (answer.verdict is Verdict.FINE and is_open and not foreign) or (
            answer.verdict is Verdict.EXPOSED and protected
        ):
            wrong.append((key, answer.verdict, answer.because))
    assert wrong == []
