"""The tables of a queue, which functions of the extension pgmq make and drop.

Source: https://github.com/pgmq/pgmq/blob/main/pgmq-extension/sql/pgmq.sql, `pgmq.create_non_partitioned`.
"""

from iacpolicy.core.spans import Span
from iacpolicy.sql.expressions.evaluation import evaluate
from iacpolicy.sql.expressions.values import is_known
from iacpolicy.sql.model.names import QualifiedName, quoted
from iacpolicy.sql.procedures.scope import CatalogueScope
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement, parse_text

SCHEMA = "pgmq"

MAX_NAME = 47
"""The maximum length of a queue's name in pgmq, so that the names of its tables fit."""

_MAKING = frozenset({"create", "create_non_partitioned", "create_unlogged"})
_REFUSED = ("$", ";", "--", "'")
_COLUMNS = (
    "msg_id bigint primary key generated always as identity, read_ct int default 0 not null, "
    "enqueued_at timestamptz default now() not null, {more}vt timestamptz not null, message jsonb, headers jsonb"
)


def statements(function: str, arguments: list[Node], scope: CatalogueScope, span: Span) -> tuple[Statement, ...] | None:
    """Return the statements that a function of pgmq runs; None for another function, or an unknown queue."""
    if len(arguments) != 1 or function not in _MAKING | {"drop_queue"}:
        return None
    name = evaluate(arguments[0].get("NamedArgExpr", {}).get("arg", arguments[0]), scope)
    if not isinstance(name, str) or not is_known(name):
        return None
    if len(name) > MAX_NAME or any(each in name for each in _REFUSED):
        return None
    queue, archive = (quoted(f"{kind}_{name}".lower()) for kind in "qa")
    if function == "drop_queue":
        text = f"drop table if exists {SCHEMA}.{queue}, {SCHEMA}.{archive}"
    else:
        archived = "archived_at timestamptz default now() not null, "
        text = (
            f"create table if not exists {SCHEMA}.{queue} ({_COLUMNS.format(more='')}); "
            f"create table if not exists {SCHEMA}.{archive} ({_COLUMNS.format(more=archived)})"
        )
    return tuple(parse_text(text, span))


def is_queue(table: QualifiedName) -> bool:
    """Return whether a table holds the messages of a queue; archived messages are in another table."""
    return table.schema == SCHEMA and table.name.startswith("q_")
