"""Identities of unknown values: the missing fact, and the path to a part of its value.

Two unknowns with equal identities are the same value. The type of `FactIdentity.fact` says which kind of fact is
missing: code that needs to know matches on it. `key` is the same identity as one string. It is cached because terms are
hashed and compared by it; its form is private to this module and to `terms`.

Facts that refer to a term (`SymbolicName`, `HasElements`, `RefusedArm`) are in `terms`.
"""

from typing import ClassVar

import msgspec

from iacpolicy.evaluate.values.addresses import represents_many, within
from iacpolicy.evaluate.values.numbers import Number


class Fact(msgspec.Struct, frozen=True, gc=False):
    """A fact that the configuration does not contain."""

    @property
    def key(self) -> str:
        """The identity as a string, unique within a cell."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The expression or phrase for the fact in texts for the user."""
        return self.key

    @property
    def represents_many(self) -> bool:
        """Report whether the fact belongs to a symbolic instance, which represents several real ones."""
        return False


class Declared(Fact, frozen=True, gc=False):
    """A named object of one module; `module` is the module's address, empty for the root module."""

    module: str
    name: str

    prefix: ClassVar[str] = ""

    @property
    def key(self) -> str:
        return within(self.module, f"{self.prefix}{self.name}")

    @property
    def represents_many(self) -> bool:
        return represents_many(self.module)


class InputVariable(Declared, frozen=True, gc=False):
    """An input variable without a value."""

    prefix: ClassVar[str] = "var."


class LocalValue(Declared, frozen=True, gc=False):
    """A local value that cannot be evaluated."""

    prefix: ClassVar[str] = "local."


class OutputValue(Declared, frozen=True, gc=False):
    """An output that cannot be evaluated."""

    prefix: ClassVar[str] = "output."


class ModuleOutputs(Declared, frozen=True, gc=False):
    """The outputs of a module call as one value; all instances under `count` or `for_each`."""

    prefix: ClassVar[str] = "module."


class DeclaredResource(Declared, frozen=True, gc=False):
    """All instances of a resource as one value; `name` is its address in the module, `type` its type if it is known."""

    type: str = ""


class Located(Fact, frozen=True, gc=False):
    """A fact about the block at an address."""

    address: str

    @property
    def key(self) -> str:
        return self.address

    @property
    def represents_many(self) -> bool:
        return represents_many(self.address)


class BlockAt(Located, frozen=True, gc=False):
    """A resource instance or a nested block; `type` is the resource type, empty for a nested block.

    The first step of the path is one of its attributes.
    """

    type: str = ""


class ProviderDefault(Located, frozen=True, gc=False):
    """An attribute that a block does not contain and the provider sets; `place` is where the block is evaluated."""

    attribute: str
    place: str

    @property
    def key(self) -> str:
        return f"{self.text}@{self.place}"

    @property
    def text(self) -> str:
        return f"{self.address}.{self.attribute}"


class InstancesExist(Located, frozen=True, gc=False):
    """The fact that a block has instances, where its `count` or `for_each` cannot be evaluated."""

    @property
    def key(self) -> str:
        return f"exists({self.address})"

    @property
    def text(self) -> str:
        return "any exist"


class RuntimeValue(Fact, frozen=True, gc=False):
    """A value that Terraform knows only while it runs, such as `path.cwd`."""

    name: str

    @property
    def key(self) -> str:
        return self.name


class BackendSetting(Fact, frozen=True, gc=False):
    """A setting of a backend that is given outside of the configuration."""

    name: str

    @property
    def key(self) -> str:
        return f"backend.{self.name}"

    @property
    def text(self) -> str:
        return self.name


class ImpureResult(Fact, frozen=True, gc=False):
    """The result of one call of a function that returns a different result each time; `number` identifies the call."""

    function: str
    number: int

    @property
    def key(self) -> str:
        return f"{self.function}#{self.number}"

    @property
    def text(self) -> str:
        return f"{self.function}()"


class CallResult(Fact, frozen=True, gc=False):
    """The result of a function that cannot be computed here; the same for equal `arguments`."""

    function: str
    arguments: str
    text_: str

    @property
    def key(self) -> str:
        return f"{self.function}({self.arguments})"

    @property
    def text(self) -> str:
        return self.text_


class PolicyQuestion(Fact, frozen=True, gc=False):
    """A condition that only a policy can define, such as the overlap of two unknown networks.

    `about` has the keys of the terms in the question, and other texts that distinguish questions.
    """

    question: str
    about: tuple[str, ...]
    text_: str

    @property
    def key(self) -> str:
        return f"{self.question}({','.join(self.about)})"

    @property
    def text(self) -> str:
        return self.text_


class LargeTerm(Fact, frozen=True, gc=False):
    """A term that is treated as one fact; `operator` is the operator or function at its top."""

    operator: str
    key_: str
    text_: str

    @property
    def key(self) -> str:
        return self.key_

    @property
    def text(self) -> str:
        return self.text_


class InvalidSyntax(Fact, frozen=True, gc=False):
    """An expression that does not parse; `offset` is its first character in the file."""

    path: str
    offset: int

    @property
    def key(self) -> str:
        return f"syntax({self.path}:{self.offset})"

    @property
    def text(self) -> str:
        return "a syntax error"


class RefusedExpression(Fact, frozen=True, gc=False):
    """An arm of a conditional that Terraform would refuse, in one file at one offset; `text_` is the error."""

    path: str
    offset: int
    text_: str

    @property
    def key(self) -> str:
        return f"error({self.path}:{self.offset})"

    @property
    def text(self) -> str:
        return self.text_


class AnyElement(Fact, frozen=True, gc=False):
    """An element of a collection without known elements; `place` is where the `for` over it is evaluated."""

    place: str
    name: str

    @property
    def key(self) -> str:
        return f"element@{self.place}"

    @property
    def text(self) -> str:
        return self.name


class ElementAt(Fact, frozen=True, gc=False):
    """The element of an unknown collection at an unknown key, both by the keys of their terms."""

    collection: str
    index: str
    text_: str

    @property
    def key(self) -> str:
        return f"{self.collection}[{self.index}]"

    @property
    def text(self) -> str:
        return self.text_


class NoElement(Fact, frozen=True, gc=False):
    """The element of an empty collection, which is evaluated only for its type."""

    @property
    def key(self) -> str:
        return "no element"


class PathStep(msgspec.Struct, frozen=True, gc=False):
    """One step of a traversal; `text` is its expression in the language."""

    @property
    def text(self) -> str:
        raise NotImplementedError

    @property
    def key(self) -> str:
        return self.text


class AttributeStep(PathStep, frozen=True, gc=False):
    """`.name`."""

    name: str

    @property
    def text(self) -> str:
        return f".{self.name}"


class IndexStep(PathStep, frozen=True, gc=False):
    """`[0]` or `["name"]`; `literal` is the index as an expression of the language."""

    index: Number | str
    literal: str

    @property
    def text(self) -> str:
        return f"[{self.literal}]"


class SplatStep(PathStep, frozen=True, gc=False):
    """`[*]`: any element."""

    @property
    def text(self) -> str:
        return "[*]"


class UnknownIndexStep(PathStep, frozen=True, gc=False):
    """An unknown index, as in `[count.index]`, by its identity."""

    index: "FactIdentity"

    @property
    def text(self) -> str:
        return f"[{self.index.text}]"

    @property
    def key(self) -> str:
        return f"[{self.index.key}]"


class FactIdentity(msgspec.Struct, frozen=True, gc=False):
    """A missing fact, or the part of it at the end of `path`; make one with `identity_of`."""

    fact: Fact
    path: tuple[PathStep, ...]
    key: str
    text: str

    def part(self, step: PathStep) -> "FactIdentity":
        """Return the identity of the part that one more step leads to."""
        return FactIdentity(self.fact, (*self.path, step), self.key + step.key, self.text + step.text)

    @property
    def attribute(self) -> str | None:
        """The attribute that the last step of the path names, None for any other step and for an empty path."""
        step = self.path[-1] if self.path else None
        return step.name if isinstance(step, AttributeStep) else None

    @property
    def represents_many(self) -> bool:
        """Report whether several real values have this identity: it is symbolic, or any element of a collection."""
        return self.fact.represents_many or any(isinstance(step, SplatStep) for step in self.path)


def identity_of(fact: Fact, *path: PathStep) -> FactIdentity:
    """Return the identity of a fact, or of the part of it at the end of a path."""
    key, text = fact.key, fact.text
    for step in path:
        key += step.key
        text += step.text
    return FactIdentity(fact, path, key, text)
