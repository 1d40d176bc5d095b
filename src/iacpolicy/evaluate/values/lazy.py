"""Objects whose attributes are evaluated on first use: resources and modules in references.

A reference to `aws_s3_bucket.logs.id` must not evaluate the rest of the bucket. A cycle through an unused attribute is
no cycle of values.

"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from iacpolicy.core.types import DYNAMIC, ObjectType, TupleType, Type, object_type
from iacpolicy.evaluate.values.identities import AttributeStep, IndexStep, PathStep
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.origins import Origins
from iacpolicy.evaluate.values.value import Choice, Value, deep_marks, rest_of, tuple_of


class LazyObject(dict[str, Value]):
    """A dict that computes a value on first use; `open` returns a value for other names, None if there are no others.

    `keyed` is set if it holds the instances of a `for_each`. With `is_whole` set, the whole object has no other
    attributes.

    """

    __slots__ = ("_compute", "is_whole", "keyed", "open")

    @property
    def rest(self) -> Value | None:
        """Return an unknown value for the other attributes of an object as a whole, None if there are none."""
        return None if self.open is None or self.is_whole else self.open("*")

    def __init__(
        self,
        names: Iterable[str],
        compute: Callable[[str], Value],
        open_: Callable[[str], Value] | None = None,
    ) -> None:
        super().__init__(dict.fromkeys(sorted(names)))  # type: ignore[arg-type]
        self._compute = compute
        self.open = open_
        self.keyed = False
        self.is_whole = False

    def __getitem__(self, name: str) -> Value:
        value: Value | None = super().__getitem__(name)
        if value is None:
            value = self._compute(name)
            super().__setitem__(name, value)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401 - dict.get reads the raw entry

    # the C fast paths of `dict(x)` and `{**x}` read raw entries unless __iter__ is overridden
    def __iter__(self) -> Iterator[str]:
        return super().__iter__()

    def items(self):  # type: ignore[no-untyped-def] # dict_items has no public name
        self._force()
        return super().items()

    def values(self):  # type: ignore[no-untyped-def] # likewise dict_values
        self._force()
        return super().values()

    def _force(self) -> None:
        for name in self:
            self[name]


class LazyValue(Value):
    """A value whose type is computed from its elements on first use, unless it is given."""

    __slots__ = ("_type",)

    def __init__(self, type_: Type | None, data: Any, marks: int = 0, origins: Origins = ()) -> None:
        self._type = type_
        self.data = data
        self.marks = marks
        self.origins = origins

    @property
    def type(self) -> Type:  # type: ignore[override]
        if self._type is None:
            if isinstance(self.data, dict):
                self._type = object_type({k: v.type for k, v in self.data.items()})
            elif isinstance(self.data, tuple):
                self._type = TupleType(tuple(v.type for v in self.data))
            elif isinstance(self.data, Choice):
                then, otherwise = self.data.then.type, self.data.otherwise.type
                self._type = then if then == otherwise else DYNAMIC
            else:
                self._type = DYNAMIC
        return self._type

    def marked(self, marks: int) -> Value:
        return LazyValue(self._type, self.data, self.marks | marks, self.origins)

    def unmarked(self) -> Value:
        return LazyValue(self._type, self.data, 0, self.origins)

    def with_origins(self, origins: Origins) -> Value:
        return LazyValue(self._type, self.data, self.marks, origins)


def closed(value: Value) -> Value:
    """Return the value for an access to all of its attributes: unknown if there may be others."""
    rest = rest_of(value.data)
    if rest is None:
        return value
    return Value(DYNAMIC, rest.data, deep_marks(value), value.origins)


def opened(value: Value, missing: Callable[..., Value], is_whole: bool = False) -> Value:
    """Return the value with each object in it open: `missing` returns an absent attribute by the steps to it.

    With `is_whole` set, such attributes exist only for references to them, not in the object as a whole.
    """

    def inside(inner: Value, step: PathStep) -> Value:
        return opened(inner, lambda *path: missing(step, *path), is_whole)

    data = value.data
    if isinstance(data, dict) and isinstance(value.type, ObjectType):
        parts = {k: inside(v, AttributeStep(k)) for k, v in data.items()}
        found = LazyObject(parts, parts.__getitem__, lambda name: missing(AttributeStep(name)))
        found.is_whole = is_whole
        return LazyValue(None, found, value.marks, value.origins)
    if isinstance(data, tuple) and isinstance(value.type, TupleType):
        items = [inside(v, IndexStep(Number(i), str(i))) for i, v in enumerate(data)]
        return tuple_of(items, value.origins).marked(value.marks)
    return value
