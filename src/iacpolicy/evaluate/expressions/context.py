"""What an expression may refer to at the place where it stands."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.functions.frame import Files
from iacpolicy.evaluate.values.value import Value
from iacpolicy.hcl import ast
from iacpolicy.terraform.config import Mode
from iacpolicy.terraform.files import is_configuration, is_of_opentofu


class ModuleScope(Protocol):
    """What a module offers to the expressions in it.

    Each method raises `EvaluationError` where nothing of the name is declared.
    """

    @property
    def files(self) -> Files: ...

    @property
    def is_of_opentofu(self) -> bool:
        """Whether some of its files are read by OpenTofu only."""
        ...

    def variable(self, name: str) -> Value: ...

    def local(self, name: str) -> Value: ...

    def call(self, name: str) -> Value:
        """`module.name`: an object of outputs, or a tuple or object of them under `count` and `for_each`."""
        ...

    def resource(self, mode: Mode, type_: str, name: str) -> Value:
        """A resource's object, or a tuple or object of its instances under `count` and `for_each`."""
        ...

    def path(self, name: str) -> Value: ...

    def terraform(self, name: str) -> Value: ...

    def provider_function(self, name: str, arguments: str) -> Value:
        """The unknown result of a provider's function; `arguments` identifies what it is called with."""
        ...

    def spend(self, steps: int) -> None:
        """Count work done.

        Raises:
            EvaluationError: it was more than one run may take.
        """
        ...


CONSOLE = "<expression>"  # the path of what is typed at `eval`, where `type()` exists as in `terraform console`

Scope: TypeAlias = "tuple[Scope, str | int] | None"


class Context:
    """A module, the file an expression stands in, and the names bound around it.

    Bound are the names of `for`, the iterators of `dynamic`, `each`, `count` and `self`; `item` is the element of the
    splat around the expression. `scope` says where among instances and repetitions it is evaluated.
    """

    __slots__ = ("bindings", "item", "module", "scope", "source")

    def __init__(
        self,
        module: ModuleScope,
        source: SourceFile,
        bindings: Mapping[str, Value],
        item: Value | None = None,
        scope: Scope = None,
    ) -> None:
        self.module = module
        self.source = source
        self.bindings = bindings
        self.item = item
        self.scope = scope

    def bound(self, names: Mapping[str, Value], step: str | int) -> "Context":
        """The context with more names bound; `step` tells this binding from others at the same place."""
        return Context(self.module, self.source, {**self.bindings, **names}, self.item, (self.scope, step))

    def within(self, source: SourceFile) -> "Context":
        """The context in another file of the module."""
        return self if source is self.source else Context(self.module, source, self.bindings, self.item, self.scope)

    def over(self, item: Value) -> "Context":
        """The context with an element of a splat."""
        return Context(self.module, self.source, self.bindings, item, self.scope)

    @property
    def is_of_opentofu(self) -> bool:
        """Whether OpenTofu's language holds: in its files, and in what is typed or rendered beside some of them."""
        path = self.source.path
        return is_of_opentofu(path) or (not is_configuration(path) and self.module.is_of_opentofu)

    def place(self, offset: int) -> str:
        """What tells an offset of the file, evaluated in this scope, from all others."""
        steps: list[str] = []
        scope = self.scope
        while scope is not None:
            scope, step = scope
            steps.append(str(step))
        return f"{'/'.join(reversed(steps))}:{self.source.path}:{offset}"


Evaluate: TypeAlias = Callable[[ast.Expression, Context], Value]
"""`expressions.evaluate`, as the modules of the single constructs get it."""
