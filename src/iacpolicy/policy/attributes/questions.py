"""The members of an attribute that do not ask the world: comparisons, presence and origin.

| code in a policy | meaning |
|---|---|
| `==` `!=` `<` `<=` `>` `>=` | a `Truth`; a comparison with null or absent is false |
| `bool(truth)`, `in`, `len`, iteration, `.value`, `int()` | ask the world |
| `.is_absent`, `.is_null` (true for absent too), `.is_known` | a `Truth`; an unset variable counts as not null |
| `str()`, f-strings | text to show; not for comparisons |
| `.test(function, "words")` | an opaque condition, the same for the same unknown and function |
| hashing an attribute | raises TypeError |
"""

from collections.abc import Callable, Iterable
from typing import Any

from iacpolicy.core.spans import Span
from iacpolicy.core.types import STRING
from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.values.identities import AttributeStep
from iacpolicy.evaluate.values.member_access import NULL
from iacpolicy.evaluate.values.term_queries import identities, resource_types
from iacpolicy.evaluate.values.terms import Term, apply
from iacpolicy.evaluate.values.value import Unknown, Value, first_unsettled, tuple_of, unknown_terms, walk
from iacpolicy.policy.attributes import compare
from iacpolicy.policy.attributes.opaque import tested
from iacpolicy.policy.attributes.truth import FALSE_TERM, TRUE_TERM, Truth, both, either, negation

Subject = Value | BlockInstance | tuple[BlockInstance, ...] | None


class AttributeQuestions:
    """The comparisons of an attribute, a nested block, or the nested blocks of a type."""

    __slots__ = ("_is_default", "path", "subject")

    def __init__(self, path: str, subject: Subject, is_default: bool = False) -> None:
        self.path = path
        self.subject = subject
        self._is_default = is_default

    def _compared(self, operator: str, other: object) -> Truth:
        right = other.known_value if isinstance(other, AttributeQuestions) else compare.to_value(other)
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

    __hash__ = None  # type: ignore[assignment] # equality of unknown values is a Truth, so an attribute cannot be a key of a dict

    def __bool__(self) -> bool:
        raise TypeError(f"compare {self.path} with something: an attribute by itself is neither true nor false")

    @property
    def is_absent(self) -> Truth:
        """Condition that it is not written; for nested blocks that may not exist, it depends on their existence."""
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
        """Condition that it is null or absent."""
        if isinstance(self.subject, Value) and not self._is_default:
            return Truth(compare.is_null(self.subject))
        return self.is_absent

    @property
    def is_set(self) -> Truth:
        """Condition that it is neither null nor absent; unlike with `is_null`, an unset variable may be null.

        Use it for values that are null together, as in `algorithm = var.key == null ? "AES256" : "aws:kms"`.
        """
        value = self.known_value
        if value is not None and isinstance(value.data, Unknown):
            return Truth(negation(apply("==", value.data.term, NULL)))
        return ~self.is_null

    @property
    def is_known(self) -> Truth:
        """Truth that its whole value is known; always decided."""
        value = self.known_value
        return Truth(value is not None and first_unsettled(value) is None)

    @property
    def known_value(self) -> Value | None:
        """The evaluated value or the default of the provider, None if absent; for the package alone."""
        if isinstance(self.subject, Value):
            return self.subject
        if isinstance(self.subject, BlockInstance):
            return self.subject.value()
        if isinstance(self.subject, tuple) and self.subject:
            first = self.subject[0]
            return first.value() if len(self.subject) == 1 else tuple_of(b.value() for b in self.subject)
        return None

    @property
    def is_text(self) -> bool:
        """Report that the type of the value is a string, known or unknown."""
        value = self.known_value
        return value is not None and value.type == STRING

    @property
    def is_listed(self) -> bool:
        """Report that it is a list or a set with a known number of elements; the elements may be unknown."""
        value = self.known_value
        return value is not None and isinstance(value.data, tuple)

    @property
    def source_types(self) -> frozenset[str]:
        """The types of the resources that its unknown parts are read from."""
        value = self.known_value
        terms = unknown_terms(value) if value is not None else ()
        return frozenset(type_ for term in terms for type_ in resource_types(term))

    def reads(self, name: str) -> bool:
        """Report that an unknown part of it is read from an attribute of this name, or from a part of that."""
        value = self.known_value
        terms = unknown_terms(value) if value is not None else ()
        return any(AttributeStep(name) in identity.path for term in terms for identity in identities(term))

    def contains(self, wanted: object) -> Truth:
        """Return the condition of `in` without asking the world."""
        value = wanted.known_value if isinstance(wanted, AttributeQuestions) else compare.to_value(wanted)
        return Truth(FALSE_TERM if value is None else compare.contains(self.known_value, value))

    def is_one_of(self, values: Iterable[object]) -> Truth:
        """Return the condition that it equals one of some values; false for null and absent."""
        result: Term = FALSE_TERM
        for value in values:
            result = either(result, compare.compare(self.known_value, "==", compare.to_value(value)))
        return Truth(result)

    @property
    def origin_kinds(self) -> frozenset[str]:
        """The kinds of the steps in its trace, such as `default`, `tfvars` and `local`."""
        value = self.known_value
        parts = walk(value) if value is not None else ()
        return frozenset(str(step.kind) for part in parts for origin in part.origins for step in origin.steps())

    @property
    def origin_places(self) -> tuple[Span, ...]:
        """The places of the steps in its trace, from the written value to the attribute."""
        value = self.known_value
        origins = value.origins if value is not None else ()
        return tuple(step.span for origin in origins for step in origin.steps() if step.span is not None)

    def test(self, function: Callable[[Any], bool], words: str) -> Truth:
        """Return the condition that a function is true for the plain value; `words` name it in messages.

        It is false for null and absent, without a call.
        """
        return Truth(tested(self.known_value, function, words))
