"""Attributes of a resource: their values in the current world, and their parts."""

from collections.abc import Iterator
from typing import Any

from iacpolicy.core.spans import Span
from iacpolicy.core.types import SetType
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.values.choices import assume
from iacpolicy.evaluate.values.quoting import quote
from iacpolicy.evaluate.values.rendering import display
from iacpolicy.evaluate.values.schema_values import default_value
from iacpolicy.evaluate.values.terms import reasons
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, first_unsettled, unknown_terms
from iacpolicy.policy.attributes import compare, json_strings, places, world
from iacpolicy.policy.attributes.elements import Facts, assumed, block_facts, element, member_facts
from iacpolicy.policy.attributes.places import ExpressionPlace
from iacpolicy.policy.attributes.questions import AttributeQuestions, Subject
from iacpolicy.policy.attributes.truth import Truth
from iacpolicy.policy.attributes.world import Undecidable
from iacpolicy.schemas.schema import AttributeSchema


class Attribute(AttributeQuestions):
    """An attribute, a nested block, or the nested blocks of a type; absent or not.

    `path` is its path in the resource (`autoscaling.min`, `ingress[0].cidr_blocks`). `at` is its place, or that of the
    nearest present parent.
    """

    __slots__ = ("_members", "context", "facts", "owner", "place")

    def __init__(
        self,
        owner: "object",
        path: str,
        subject: Subject,
        place: ExpressionPlace,
        facts: Facts = None,
        is_default: bool = False,
        context: Context | None = None,
    ) -> None:
        super().__init__(path, subject, is_default)
        self.owner = owner
        self.place = place
        self.facts = facts
        self._members: places.Members | None = None
        self.context = context

    def __repr__(self) -> str:
        return f"Attribute({self.path})"

    @property
    def at(self) -> Span:
        return self.place.span

    # members that ask the world

    @property
    def value(self) -> Any:
        """The value as plain Python, None if it is null or absent.

        Raises:
            Undecidable: a part is unknown in every world; the result of the policy is then undecided.
        """
        settled = self.settled
        return None if settled is None else compare.plain(settled)

    @property
    def settled(self) -> Value | None:
        """The value in the current world.

        Raises:
            Undecidable: a part of it is unknown.
        """
        value = self.known_value
        if value is None:
            return None
        for _ in range(64):
            part = first_unsettled(value)
            if part is None:
                return value
            if isinstance(part.data, Choice):
                condition = part.data.condition
                value = assumed(value, condition.key, world.current().decide(condition))
            else:
                break
        terms = unknown_terms(value)
        raise Undecidable(tuple(r for t in terms for r in reasons(t)), self)

    def __int__(self) -> int:
        return int(self.value)

    def __len__(self) -> int:
        if isinstance(self.subject, tuple):
            return sum(1 for _ in self)
        settled = self._shape()
        data = settled.data if settled is not None else None
        if data is None:
            return 0
        if isinstance(data, str | tuple | dict):
            return len(data)
        raise TypeError(f"{self.path} has no length")

    def __iter__(self) -> "Iterator[Attribute]":
        """Yield the elements of a list or set, the values of a map, or the nested blocks that exist."""
        if isinstance(self.subject, BlockInstance):
            yield self
        elif isinstance(self.subject, tuple):
            for index, block in enumerate(self.subject):
                if block.exists is None or world.current().decide(block.exists):
                    yield self._block(index, block)
        else:
            for _, element in self.items():
                yield element

    def items(self) -> "Iterator[tuple[str | int, Attribute]]":
        """Yield the elements of a map with their keys, or of a list with their indexes."""
        shape = self._shape()
        data = shape.data if shape is not None else None
        if isinstance(data, dict):
            for key in data:
                yield key, self._of(shape, key)
        elif isinstance(data, tuple):
            for index in range(len(data)):
                yield index, self._of(shape, index)

    def keys(self) -> list[str]:
        """Return the keys of a map; empty for other values."""
        shape = self._shape()
        return list(shape.data) if shape is not None and isinstance(shape.data, dict) else []

    def __contains__(self, wanted: object) -> bool:
        value = wanted.known_value if isinstance(wanted, Attribute) else compare.to_value(wanted)
        if value is None:
            return False
        return bool(Truth(compare.contains(self.known_value, value)))

    def _shape(self) -> Value | None:
        """Return the value in the current world with a known number of elements, which may be unknown."""
        value = self.known_value
        while value is not None and isinstance(value.data, Choice):
            condition = value.data.condition
            value = assume(value, condition.key, world.current().decide(condition))
        if value is not None and isinstance(value.data, Unknown):
            raise Undecidable(reasons(value.data.term), self)
        return value

    # parts

    def __getitem__(self, key: str | int) -> "Attribute":
        subject = self.subject
        if isinstance(subject, tuple):
            if isinstance(key, int):
                existing = list(self)
                if key < len(existing):
                    return existing[key]
                return Attribute(self.owner, f"{self.path}[{key}]", None, self.place)
            if not subject:
                return Attribute(self.owner, f"{self.path}.{key}", None, self.place)
            existing = list(self)
            if not existing:
                return Attribute(self.owner, f"{self.path}.{key}", None, self.place)
            return existing[0][key]
        if isinstance(subject, BlockInstance):
            if isinstance(key, int):
                return self if key == 0 else Attribute(self.owner, f"{self.path}[{key}]", None, self.place)
            return of_block(self.owner, self.path, subject, key)
        return self._of(subject, key)

    def _block(self, index: int, block: BlockInstance) -> "Attribute":
        several = isinstance(self.subject, tuple) and len(self.subject) > 1
        path = f"{self.path}[{index}]" if several else self.path
        return Attribute(self.owner, path, block, places.header(block), self.facts)

    def _of(self, value: Value | None, key: str | int) -> "Attribute":
        if isinstance(key, str) and key.isidentifier():
            path = f"{self.path}.{key}"
        else:
            path = f"{self.path}[{quote(key) if isinstance(key, str) else key}]"
        facts = member_facts(self.facts, key)
        part = element(value, key)
        if part is None:
            default = default_value(facts) if isinstance(facts, AttributeSchema) and value is not None else None
            if default is not None and value is not None and value.data is not None:
                return Attribute(self.owner, path, default, self.place, facts, True)
            return Attribute(self.owner, path, None, self.place, facts)
        return Attribute(self.owner, path, part, self._place_of(value, key, part), facts, context=self.context)

    def _place_of(self, value: Value | None, key: str | int, element: Value) -> ExpressionPlace:
        """Return the place of a part; the order of a set differs from the order in which it is written."""
        if value is None or not isinstance(value.type, SetType):
            return self.place.part(key)
        if self._members is None:
            self._members = places.Members(self.place, self.context)
        return self._members.place_of(element)

    @property
    def json(self) -> "Attribute":
        """The document in a JSON string, at the attribute's place; single parts of it may be unknown."""
        if not isinstance(self.subject, Value) or self.subject.data is None or self.context is None:
            return self
        document = json_strings.document_of(self.subject, self.place, self.context)
        return Attribute(
            self.owner, self.path, document, ExpressionPlace(self.place.source, self.place.start, self.place.end)
        )

    def __str__(self) -> str:
        value = self.known_value
        if value is None:
            return "absent"
        if isinstance(value.data, str):
            return value.data if len(value.data) <= 80 else value.data[:79] + "…"
        return display(value, 80)


def of_block(owner: object, path: str, body: BlockInstance, name: str) -> Attribute:
    """Return an attribute or the nested blocks of a name; an absent one has the place of the block's header."""
    inner = f"{path}.{name}" if path else name
    facts = block_facts(body.schema, name)
    place = places.argument(body, name)
    if place is not None:
        return Attribute(owner, inner, body.attribute(name), place, facts, context=body.context)
    if name in body.block_types:
        blocks = body.blocks(name)
        if blocks:
            return Attribute(owner, inner, blocks, places.header(blocks[0]), facts)
    default = default_value(facts) if isinstance(facts, AttributeSchema) else None
    if default is not None:
        return Attribute(owner, inner, default, places.header(body), facts, True)
    return Attribute(owner, inner, None, places.header(body), facts)
