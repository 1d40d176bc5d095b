"""The predicted access of roles, compared with a real PostgreSQL in which each role tries every command."""

import pytest
from tests.sql import behaviour, cases, oracle

from iacpolicy.sql.migrations.supabase_config import DefaultGrants


@pytest.mark.parametrize("name", [name for name in cases.NAMES if cases.without_oracle(name) is None])
def test_each_role_has_the_predicted_access(name: str, server: oracle.Server) -> None:
    """Every role that tries every command on every table and view has the predicted success."""
    model, _ = cases.load(name)
    with server.database() as connection:
        if model.default_grants is DefaultGrants.NONE:
            connection.execute(oracle.WITHOUT_DEFAULTS)
        oracle.apply(connection, [path.read_text(encoding="utf-8") for path in cases.files(name)])
        assert behaviour.wrong(connection, model) == []
        for role in behaviour.ROLES:
            assert behaviour.may_execute(model, role) == oracle.may_execute(connection, role)
