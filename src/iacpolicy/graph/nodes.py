"""The nodes of the graph: everything a policy can be `on`."""

from dataclasses import dataclass, field
from typing import Any

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.terms import Term

KINDS = (
    "root",
    "backend",
    "provider",
    "variable",
    "local",
    "output",
    "module",
    "resource",
    "data",
    "ephemeral",
    "provisioner",
    "connection",
    "sql.database",
    "sql.table",
    "sql.view",
    "sql.function",
    "sql.policy",
    "sql.role",
    "dashboard",
    "alert-rule",
)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One thing in one cell.

    `kind` is one of `KINDS`; `type` is the resource's type, else the kind. `place` is its header. `exists` is the
    condition under which it is there, None where it always is. `body` is its block where it has one, `payload` the
    model object behind a node that is no Terraform (a table, a dashboard).
    """

    kind: str
    type: str
    name: str
    address: str
    place: Span
    cell: int
    module: ModuleInstance | None = None
    body: BlockInstance | None = None
    exists: Term | None = None
    payload: Any = field(default=None, repr=False)
