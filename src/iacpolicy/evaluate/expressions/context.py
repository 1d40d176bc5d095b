"""Contexts: the names that an expression can refer to at its place."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.functions.frame import Files
from iacpolicy.evaluate.values.value import Value
from iacpolicy.hcl import ast
from iacpolicy.terraform.config import Mode
from iacpolicy.terraform.files import is_configuration, is_of_opentofu


class ModuleScope(Protocol):
    """The names of a module for the expressions in it.

    Each method raises `EvaluationError` if no object of that name is declared.
    """

    @property
    def files(self) -> Files: ...

    @property
    def is_of_opentofu(self) -> bool:
        """Report whether the module has files that only OpenTofu reads."""
        ...

    def variable(self, name: str) -> Value: ...

    def local(self, name: str) -> Value: ...

    def call(self, name: str) -> Value:
        """Return `module.name`: an object of outputs, or a tuple or object of these with `count` or `for_each`."""
        ...

    def resource(self, mode: Mode, type_: str, name: str) -> Value:
        """Return the object of a resource, or a tuple or object of its instances with `count` or `for_each`."""
        ...

    def path(self, name: str) -> Value: ...

    def terraform(self, name: str) -> Value: ...

    def provider_function(self, name: str, arguments: str) -> Value:
        """Return the unknown result of a provider's function; equal `arguments` give the same value."""
        ...

    def spend(self, steps: int) -> None:
        """Count the steps of an evaluation.

        Raises:
            EvaluationError: the evaluation exceeds its limit.
        """
        ...


CONSOLE = "<expression>"  # the path of an expression from `eval`, where `type()` exists as in `terraform console`

Scope: TypeAlias = "tuple[Scope, str | int] | None"


class Context:
    """The module and file of an expression, and the names bound around it.

    Bound names are those of `for`, the iterators of `dynamic`, `each`, `count` and `self`. `item` is the element of the
    enclosing splat. `scope` identifies the instance and the repetition of the evaluation.
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
        """Return the context with more bound names; `step` identifies this binding among others at the same place."""
        return Context(self.module, self.source, {**self.bindings, **names}, self.item, (self.scope, step))

    def within(self, source: SourceFile) -> "Context":
        """Return the context in another file of the module."""
        return self if source is self.source else Context(self.module, source, self.bindings, self.item, self.scope)

    def over(self, item: Value) -> "Context":
        """Return the context with an element of a splat."""
        return Context(self.module, self.source, self.bindings, item, self.scope)

    @property
    def is_of_opentofu(self) -> bool:
        """Report whether the language is OpenTofu's: in its files, and elsewhere in a module that has such files."""
        path = self.source.path
        return is_of_opentofu(path) or (not is_configuration(path) and self.module.is_of_opentofu)

    def place(self, offset: int) -> str:
        """Return a text that identifies an offset of the file in this scope."""
        steps: list[str] = []
        scope = self.scope
        while scope is not None:
            scope, step = scope
            steps.append(str(step))
        return f"{'/'.join(reversed(steps))}:{self.source.path}:{offset}"


Evaluate: TypeAlias = Callable[[ast.Expression, Context], Value]
"""The function `evaluate`, as a parameter of the modules that it calls."""
