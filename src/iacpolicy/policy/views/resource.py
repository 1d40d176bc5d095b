"""The view of a node that a policy's check receives."""

from typing import Any

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.graph.nodes import Node
from iacpolicy.hcl import ast
from iacpolicy.policy.attributes.attribute import Attribute, of_block
from iacpolicy.policy.attributes.truth import Truth
from iacpolicy.terraform.config import Module


class ArgumentText(msgspec.Struct, frozen=True):
    """The expression of an argument as it is written, without the parentheses around it, and its place."""

    text: str
    at: Span


class Resource:
    """A node of the graph: a resource, or another kind of node that a policy's `on` names.

    `node` is the node itself. It is for the package alone; a policy uses the other members.
    """

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    def __repr__(self) -> str:
        return f"Resource({self.address})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resource) and other.node is self.node

    def __hash__(self) -> int:
        return hash(id(self.node))

    @property
    def kind(self) -> str:
        """`resource`, `data`, `variable`, `backend`, `sql.table` and so on."""
        return self.node.kind

    @property
    def type(self) -> str:
        """The type of a resource or data source, else the kind; the kind of a backend, such as s3, is its `name`."""
        return self.node.type

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def address(self) -> str:
        """The address with module path and instance key, such as `module.api["a"].aws_lb.web`."""
        return self.node.address

    @property
    def at(self) -> Span:
        """The place of its header."""
        return self.node.place

    @property
    def exists(self) -> Truth:
        """Condition under which it exists; the resource that a check is called with always does."""
        return Truth(self.node.exists if self.node.exists is not None else True)

    @property
    def module(self) -> Module | None:
        """The module that declares it, None for a node that is not Terraform."""
        return self.node.module.module if self.node.module is not None else None

    @property
    def module_address(self) -> str:
        """The address of the module instance that declares it; empty in a root module."""
        return self.node.module.address if self.node.module is not None else ""

    @property
    def has_block(self) -> bool:
        """True where it is a block of Terraform, False for a table or for a rule that a file defines."""
        return self.node.body is not None

    @property
    def payload(self) -> Any:
        """The model object of a node that is not Terraform: of a table, an alert rule, a dashboard."""
        return self.node.payload

    def __getitem__(self, name: str) -> Attribute:
        """Return an attribute or the nested blocks of a type; an absent one has the place of the header.

        Raises:
            TypeError: the node has no block.
        """
        if self.node.body is None:
            raise TypeError(f"a {self.kind} has no attributes")
        return of_block(self, "", self.node.body, name)

    def written(self, name: str) -> ArgumentText | None:
        """Return the expression of an argument as text, for arguments that have no value, such as a `type`.

        None where the argument is not written.
        """
        argument = self.node.body.argument(name) if self.node.body is not None else None
        if argument is None:
            return None
        expression = argument.value
        while isinstance(expression, ast.Parens):
            expression = expression.value
        return ArgumentText(argument.source.text[expression.start : expression.end], argument.span)

    @property
    def attribute_names(self) -> tuple[str, ...]:
        """The names of the attributes that are written."""
        return self.node.body.attribute_names if self.node.body is not None else ()

    @property
    def block_types(self) -> tuple[str, ...]:
        """The types of the nested blocks that are written."""
        return self.node.body.block_types if self.node.body is not None else ()
