"""What a policy reads: attributes of a resource, whose comparisons give a `Truth`.

| what a policy writes | what it means |
|---|---|
| `==` `!=` `<` `<=` `>` `>=` | a `Truth`; a comparison with null or absent is false |
| `bool(truth)`, `in`, `len`, iteration, `.value`, `int()` | asks the world |
| `.is_absent`, `.is_null` (true for absent too), `.is_known` | a `Truth`; an unset variable counts as not null |
| `str()`, f-strings | display text; cannot be decided on |
| `.test(function, "words")` | an opaque condition, the same for the same unknown and function |
| hashing an attribute | refused |
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from iacpolicy.core.spans import Span
from iacpolicy.core.types import SetType
from iacpolicy.evaluate.access import NULL
from iacpolicy.evaluate.blocks import BlockInstance
from iacpolicy.evaluate.choices import assume, term_of
from iacpolicy.evaluate.context import Context
from iacpolicy.evaluate.facts import default_value
from iacpolicy.evaluate.lazy import LazyObject
from iacpolicy.evaluate.rendering import display, quote
from iacpolicy.evaluate.terms import Leaf, Term, apply, reasons
from iacpolicy.evaluate.values import Choice, Unknown, Value, first_unsettled, unknown_terms, walk
from iacpolicy.policy import compare, json_values, places, world
from iacpolicy.policy.places import Place
from iacpolicy.policy.truth import FALSE_TERM, TRUE_TERM, Truth, both, conditional, either, negation
from iacpolicy.policy.world import Undecidable
from iacpolicy.schemas.model import AttributeSchema, BlockSchema, NestedAttributes, Schema

Subject = Value | BlockInstance | tuple[BlockInstance, ...] | None
Facts = AttributeSchema | BlockSchema | None


class Attribute:
    """An attribute, a nested block, or the nested blocks of a type; absent or not.

    `path` is its way from the resource (`autoscaling.min`, `ingress[0].cidr_blocks`). `at` is where it is written, or
    the place of the nearest part that is.
    """

    __slots__ = ("_is_default", "_members", "context", "facts", "owner", "path", "place", "subject")

    def __init__(
        self,
        owner: "object",
        path: str,
        subject: Subject,
        place: Place,
        facts: Facts = None,
        is_default: bool = False,
        context: Context | None = None,
    ) -> None:
        self.owner = owner
        self.path = path
        self.subject = subject
        self.place = place
        self.facts = facts
        self._is_default = is_default
        self._members: places.Members | None = None
        self.context = context

    def __repr__(self) -> str:
        return f"Attribute({self.path})"

    @property
    def at(self) -> Span:
        return self.place.span

    # comparisons

    def _compared(self, operator: str, other: object) -> Truth:
        right = other.known_value if isinstance(other, Attribute) else compare.to_value(other)
        return Truth(compare.compare(self.known_value, operator, right))

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        return self._compared("==", other)

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return self._compared("!=", other)

    def __lt__(self, other: object) -> Truth:
        return self._compared("<", other)

    def __le__(self, other: object) -> Truth:
        return self._compared("<=", other)

    def __gt__(self, other: object) -> Truth:
        return self._compared(">", other)

    def __ge__(self, other: object) -> Truth:
        return self._compared(">=", other)

    __hash__ = None  # type: ignore[assignment] # equality of what may be unknown is a Truth, no key of a dict

    def __bool__(self) -> bool:
        raise TypeError(f"compare {self.path} with something: an attribute by itself is neither true nor false")

    @property
    def is_absent(self) -> Truth:
        """Whether nothing is written there; for nested blocks that may not exist, a condition."""
        if self.subject is None or self._is_default:
            return Truth(True)
        if isinstance(self.subject, tuple):
            result: Term = TRUE_TERM
            for block in self.subject:
                result = both(result, negation(block.exists) if block.exists is not None else FALSE_TERM)
            return Truth(result)
        return Truth(False)

    @property
    def is_null(self) -> Truth:
        """Whether it is null or absent."""
        if isinstance(self.subject, Value) and not self._is_default:
            return Truth(compare.is_null(self.subject))
        return self.is_absent

    @property
    def is_set(self) -> Truth:
        """Whether it is neither null nor absent; unlike with `is_null`, an unset variable may be null.

        For values that are null together with another: `algorithm = var.key == null ? "AES256" : "aws:kms"`.
        """
        value = self.known_value
        if value is not None and isinstance(value.data, Unknown):
            return Truth(negation(apply("==", value.data.term, NULL)))
        return ~self.is_null

    @property
    def is_known(self) -> Truth:
        """Whether its whole value is known; this never asks."""
        value = self.known_value
        return Truth(value is not None and first_unsettled(value) is None)

    @property
    def known_value(self) -> Value | None:
        """The value as the evaluator has it, a default of the provider included; None where it is absent."""
        if isinstance(self.subject, Value):
            return self.subject
        if isinstance(self.subject, BlockInstance):
            return self.subject.value()
        if isinstance(self.subject, tuple) and self.subject:
            first = self.subject[0]
            from iacpolicy.evaluate.values import tuple_of

            return first.value() if len(self.subject) == 1 else tuple_of(b.value() for b in self.subject)
        return None

    # what asks the world

    @property
    def value(self) -> Any:
        """The value as plain Python, None where it is null or absent.

        Raises:
            Undecidable: a part is not known, whatever is assumed; the result of the policy is then undecided.
        """
        settled = self.settled
        return None if settled is None else compare.plain(settled)

    @property
    def settled(self) -> Value | None:
        """The value in the current world.

        Raises:
            Undecidable: a part of it is not known.
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
                value = _assumed(value, condition.key, world.current().decide(condition))
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
        """The elements of a list or set, or the nested blocks that exist; of a map its values."""
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
        """The elements of a map by key or of a list by index."""
        shape = self._shape()
        data = shape.data if shape is not None else None
        if isinstance(data, dict):
            for key in data:
                yield key, self._of(shape, key)
        elif isinstance(data, tuple):
            for index in range(len(data)):
                yield index, self._of(shape, index)

    def keys(self) -> list[str]:
        """The keys of a map."""
        shape = self._shape()
        return list(shape.data) if shape is not None and isinstance(shape.data, dict) else []

    def __contains__(self, wanted: object) -> bool:
        value = wanted.known_value if isinstance(wanted, Attribute) else compare.to_value(wanted)
        if value is None:
            return False
        return bool(Truth(compare.contains(self.known_value, value)))

    def contains(self, wanted: object) -> Truth:
        """Like `in`, as a truth that asks nobody."""
        value = wanted.known_value if isinstance(wanted, Attribute) else compare.to_value(wanted)
        return Truth(FALSE_TERM if value is None else compare.contains(self.known_value, value))

    def is_one_of(self, values: Iterable[object]) -> Truth:
        """Whether it equals one of some values; null and absent are none of them."""
        result: Term = FALSE_TERM
        for value in values:
            result = either(result, compare.compare(self.known_value, "==", compare.to_value(value)))
        return Truth(result)

    @property
    def origin_kinds(self) -> frozenset[str]:
        """The kinds of the hops by which its value came, in the words of a trace: `default`, `tfvars`, `local`, …."""
        value = self.known_value
        parts = walk(value) if value is not None else ()
        return frozenset(str(hop.kind) for part in parts for origin in part.origins for hop in origin.hops())

    def test(self, function: Callable[[Any], bool], words: str) -> Truth:
        """A condition of the policy's own over the plain value, called `words` where it cannot be decided.

        Null and absent give false without a call.
        """
        return Truth(_tested(self.known_value, function, words))

    def _shape(self) -> Value | None:
        """The value in the current world as far as its elements can be counted; they may be unknown themselves."""
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
        facts = _member_facts(self.facts, key)
        element = _element(value, key)
        if element is None:
            default = default_value(facts) if isinstance(facts, AttributeSchema) and value is not None else None
            if default is not None and value is not None and value.data is not None:
                return Attribute(self.owner, path, default, self.place, facts, True)
            return Attribute(self.owner, path, None, self.place, facts)
        return Attribute(self.owner, path, element, self._place_of(value, key, element), facts, context=self.context)

    def _place_of(self, value: Value | None, key: str | int, element: Value) -> Place:
        """Where a part is written; the elements of a set have another order than they are written in."""
        if value is None or not isinstance(value.type, SetType):
            return self.place.part(key)
        if self._members is None:
            self._members = places.Members(self.place, self.context)
        return self._members.place_of(element)

    @property
    def json(self) -> "Attribute":
        """The document in a JSON string, at the attribute's place; its parts may be unknown, each for itself."""
        if not isinstance(self.subject, Value) or self.subject.data is None or self.context is None:
            return self
        document = json_values.document_of(self.subject, self.place, self.context)
        return Attribute(self.owner, self.path, document, Place(self.place.source, self.place.start, self.place.end))

    def __str__(self) -> str:
        value = self.known_value
        if value is None:
            return "absent"
        if isinstance(value.data, str):
            return value.data if len(value.data) <= 80 else value.data[:79] + "…"
        return display(value, 80)


def of_block(owner: object, path: str, body: BlockInstance, name: str) -> Attribute:
    """An attribute or the nested blocks of a name in a block; absent, its place is the block's header."""
    inner = f"{path}.{name}" if path else name
    facts = _block_facts(body.schema, name)
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


def _block_facts(schema: Schema | None, name: str) -> Facts:
    if schema is None:
        return None
    return schema.attributes.get(name) or schema.blocks.get(name)


def _member_facts(facts: Facts, key: str | int) -> Facts:
    if not isinstance(facts, AttributeSchema):
        return None
    nested: NestedAttributes | None = facts.nested
    if nested is None:
        return None
    if nested.nesting in ("list", "set", "map"):
        return AttributeSchema(
            facts.type, nested=NestedAttributes("single", nested.attributes), sensitive=facts.sensitive
        )
    return nested.attributes.get(str(key))


def _element(value: Value | None, key: str | int) -> Value | None:
    """A part of a value, through choices; None where it is absent under every condition."""
    if value is None or value.data is None:
        return None
    data = value.data
    if isinstance(data, Choice):
        then, otherwise = _element(data.then, key), _element(data.otherwise, key)
        if then is None and otherwise is None:
            return None
        from iacpolicy.evaluate.choices import choose
        from iacpolicy.evaluate.values import null

        return choose(data.condition, then or null(), otherwise or null()).marked(value.marks)
    from iacpolicy.evaluate import access
    from iacpolicy.evaluate.errors import EvaluationError
    from iacpolicy.evaluate.values import number, string

    if isinstance(data, LazyObject) and data.open is None and key not in data:
        return None
    try:
        if isinstance(key, str):
            if isinstance(data, Unknown | dict):
                return access.attribute(value, key) if not isinstance(data, dict) else access.index(value, string(key))
            if isinstance(data, tuple) and len(data) == 1:
                return _element(data[0], key)
            return None
        return access.index(value, number(key)) if not isinstance(data, tuple) else access.through(value, data[key])
    except (EvaluationError, IndexError):
        return None


def _assumed(value: Value, key: str, answer: bool) -> Value:
    """A value and all its parts where a condition has an answer."""
    value = assume(value, key, answer)
    data = value.data
    if isinstance(data, tuple):
        return Value(value.type, tuple(_assumed(v, key, answer) for v in data), value.marks, value.origins)
    if isinstance(data, dict):
        parts = {k: _assumed(v, key, answer) for k, v in data.items()}
        return Value(value.type, parts, value.marks, value.origins)
    return value


def _tested(value: Value | None, function: Callable[[Any], bool], words: str) -> Term:
    if value is None or value.data is None:
        return FALSE_TERM
    if isinstance(value.data, Choice):
        data = value.data
        return conditional(
            data.condition, _tested(data.then, function, words), _tested(data.otherwise, function, words)
        )
    if first_unsettled(value) is None:
        return TRUE_TERM if function(compare.plain(value)) else FALSE_TERM
    name = f"{function.__module__}.{function.__qualname__}"
    operands = [term_of(value)] if isinstance(value.data, Unknown) else list(unknown_terms(value))
    whole = apply(name, *operands)
    told = ", ".join(o.text for o in operands)
    return Leaf(whole.key, f"{told} {words}", reasons(whole))
