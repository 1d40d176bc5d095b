"""The nodes of the graph, whose kinds and types a policy can be `on`."""

from typing import Any

import msgspec

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


class Node(msgspec.Struct, frozen=True, eq=False):
    """A declaration of a cell: a Terraform block, a table, a dashboard.

    `kind` is one of `KINDS`; `type` is the type of a resource, else the kind. `place` is the header. `exists` is the
    condition under which the node exists, None if it always does. `body` is its block, if any. `payload` is the model
    object of a node that is no Terraform block, such as a table.
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
    payload: Any = None
