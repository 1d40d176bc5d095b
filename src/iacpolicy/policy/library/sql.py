"""The model of a database after its migrations, and questions about it, for policies on tables, views and roles.

The `payload` of a node `sql.table`, `sql.view`, `sql.function`, `sql.policy` or `sql.role` is a pair: the object and
the `SchemaModel` of its database.
"""

from iacpolicy.sql.expressions import conditions
from iacpolicy.sql.expressions.conditions import calls_per_row, constant_truth, needs_only_a_login
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.model.database import PUBLIC, Aspect, ConstraintKind, RowPolicy, Table, TableKind, View
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.privileges.exposure import DATA_PRIVILEGES, Verdict, exposure_doubts, in_api
from iacpolicy.sql.privileges.exposure import judge as exposure_of
from iacpolicy.sql.privileges.passing import applies, lets_through
from iacpolicy.sql.privileges.table_access import COMMANDS, bypass, known_role, privilege, relation_named
from iacpolicy.sql.procedures.queues import is_queue
from iacpolicy.sql.syntax import parse_nodes

__all__ = [
    "COMMANDS",
    "DATA_PRIVILEGES",
    "PUBLIC",
    "Aspect",
    "ConstraintKind",
    "QualifiedName",
    "RowPolicy",
    "SchemaModel",
    "Table",
    "TableKind",
    "Verdict",
    "View",
    "applies",
    "bypass",
    "called_functions",
    "calls_per_row",
    "constant_truth",
    "exposure_doubts",
    "exposure_of",
    "in_api",
    "is_queue",
    "known_role",
    "lets_through",
    "needs_only_a_login",
    "only_equals",
    "privilege",
    "relation_named",
]


def called_functions(text: str) -> frozenset[str]:
    """Return the names of the functions that a SQL expression calls, such as `auth.uid`; empty if it has no syntax."""
    return frozenset(name for name, _ in conditions.calls(conditions.read(text)))


def only_equals(text: str, column: str) -> str | None:
    """Return the constant that a SQL expression compares a column with, where the comparison is all there is of it.

    None for every other expression: `bucket_id = 'images'` gives "images", `bucket_id = 'images' and true` None.
    """
    comparison = (conditions.read(text) or {}).get("A_Expr", {})
    if parse_nodes.strings(comparison.get("name")) != ["="] or comparison.get("kind") != "AEXPR_OP":
        return None
    compared = parse_nodes.strings(comparison.get("lexpr", {}).get("ColumnRef", {}).get("fields"))
    constant = comparison.get("rexpr", {})
    while "TypeCast" in constant:
        constant = constant["TypeCast"].get("arg", {})
    return parse_nodes.text(constant) if compared[-1:] == [column] and "A_Const" in constant else None
