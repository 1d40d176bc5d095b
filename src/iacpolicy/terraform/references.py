"""References of expressions, without the names that are bound around them.

https://developer.hashicorp.com/terraform/language/expressions/references
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.shared.text import number_text, template_text
from iacpolicy.hcl.visit import children
from iacpolicy.terraform.function_facts import catches_failures
from iacpolicy.terraform.language import OBJECTS, RESOURCES

NOTHING_BOUND: Final[frozenset[str]] = frozenset()


class ReferenceKind(StrEnum):
    """The kind of object that a reference names; an `INCOMPLETE` one names no object."""

    VARIABLE = "var"
    LOCAL = "local"
    MODULE = "module"
    RESOURCE = "resource"
    DATA = "data"
    EPHEMERAL = "ephemeral"
    PATH = "path"
    TERRAFORM = "terraform"
    EACH = "each"
    COUNT = "count"
    SELF = "self"
    INCOMPLETE = "incomplete"


_ONE_NAME: Final = {name: ReferenceKind("terraform" if name == "tofu" else name) for name in OBJECTS}
_TWO_NAMES: Final = {name: ReferenceKind(name) for name in RESOURCES}
_LEAVES: Final = frozenset({ast.Text, ast.KeyName, ast.Null, ast.Bool, ast.Number, ast.SplatItem, ast.Invalid})
_TRAVERSALS: Final = frozenset({ast.Name, ast.GetAttr, ast.Index, ast.Splat})
_RESOURCES: Final = (ReferenceKind.RESOURCE, ReferenceKind.DATA, ReferenceKind.EPHEMERAL)


class ReferenceStep(NamedTuple):
    """One step after the name: `.key` (`is_attribute`), `[key]`, or a splat; `key` is None if it is no literal."""

    key: str | int | None
    is_attribute: bool
    end: int


class Reference(NamedTuple):
    """A name and its steps, from `start` to `end`; each step has its own end.

    `names` are the parts that name the thing (`("name",)` for `var.name`, type and name for a resource). For an
    incomplete reference they are the written parts, its first word included. `may_fail` is set inside `try` or
    `can`.
    """

    kind: ReferenceKind
    names: tuple[str, ...]
    steps: tuple[ReferenceStep, ...]
    start: int
    end: int
    may_fail: bool = False

    @property
    def address(self) -> str:
        """The address within the module: `var.x`, `type.name`, `data.type.name`."""
        prefix = () if self.kind in (ReferenceKind.RESOURCE, ReferenceKind.INCOMPLETE) else (str(self.kind),)
        return ".".join((*prefix, *self.names))

    @property
    def whole_end(self) -> int:
        """The end of the last step."""
        return self.steps[-1].end if self.steps else self.end


class FunctionCall(NamedTuple):
    """A call of a function; `may_fail` as in a `Reference`."""

    name: str
    start: int
    end: int
    may_fail: bool


def references(expression: ast.Node, source: SourceFile, bound: frozenset[str] = NOTHING_BOUND) -> Iterator[Reference]:
    """Yield the references of an expression; see `references_and_calls`."""
    for found in references_and_calls(expression, source, bound):
        if isinstance(found, Reference):
            yield found


def references_and_calls(
    expression: ast.Node, source: SourceFile, bound: frozenset[str] = NOTHING_BOUND
) -> Iterator[Reference | FunctionCall]:
    """Yield the references and the function calls of an expression.

    `bound` are names with another meaning at this place: iterators of `dynamic` blocks. Names bound within the
    expression, by `for`, are handled too.
    """
    pending: list[tuple[ast.Node, frozenset[str], bool]] = [(expression, bound, False)]
    while pending:
        node, bound, may_fail = pending.pop()
        kind = type(node)
        if kind in _LEAVES:
            continue
        if kind in _TRAVERSALS:
            reference, parts = _traversal(node, source, bound)
            if reference is not None:
                yield reference._replace(may_fail=True) if may_fail else reference
            for part in reversed(parts):
                pending.append((part, bound, may_fail))
            continue
        inner = bound
        outer: ast.Node | None = None
        if isinstance(node, ast.Call):
            yield FunctionCall(node.name, node.start, node.end, may_fail)
            may_fail = may_fail or catches_failures(node.name)
        elif isinstance(node, ast.ForTuple | ast.ForObject | ast.ForDirective):
            inner = bound | {node.value_name, *((node.key_name,) if node.key_name is not None else ())}
            outer = node.collection
        for child in reversed(children(node)):
            if type(child) not in _LEAVES:
                pending.append((child, bound if child is outer else inner, may_fail))


def _traversal(node: ast.Node, source: SourceFile, bound: frozenset[str]) -> tuple[Reference | None, list[ast.Node]]:
    """Return the reference of a chain of attributes, indexes and splats, and the expressions inside the chain."""
    chain: list[ast.GetAttr | ast.Index | ast.Splat] = []
    parts: list[ast.Node] = []
    while isinstance(node, ast.GetAttr | ast.Index | ast.Splat):
        chain.append(node)
        node = node.target
    steps: list[ReferenceStep] = []
    for link in reversed(chain):
        if isinstance(link, ast.GetAttr):
            steps.append(ReferenceStep(link.name, True, link.end))
        elif isinstance(link, ast.Index):
            parts.append(link.key)
            steps.append(ReferenceStep(_literal_key(link.key, source), False, link.end))
        else:
            parts.append(link.each)
            steps.append(ReferenceStep(None, False, link.end))
            steps.extend(_within_splat(link.each))
    if not isinstance(node, ast.Name):
        return None, [node, *parts]
    if node.name in bound:
        return None, parts
    return _named(node, steps), parts


def _within_splat(node: ast.Node) -> list[ReferenceStep]:
    """Return the attribute steps that follow a splat, up to the first index."""
    names: list[ReferenceStep] = []
    while isinstance(node, ast.GetAttr | ast.Index):
        if isinstance(node, ast.GetAttr):
            names.append(ReferenceStep(node.name, True, node.end))
        else:
            names.clear()
        node = node.target
    return names[::-1]


def _literal_key(node: ast.Node, source: SourceFile) -> str | int | None:
    if isinstance(node, ast.Template):
        return template_text(node, source.text)
    if isinstance(node, ast.Number):
        digits = number_text(source.text, node)
        return int(digits) if digits.isdecimal() and len(digits) < 10 else None
    return None


def _named(root: ast.Name, steps: list[ReferenceStep]) -> Reference:
    word = root.name
    attributes = [s for s in steps[:2] if s.is_attribute]
    if len(steps) > 1 and not steps[0].is_attribute:
        attributes = []
    kind, wanted = _ONE_NAME.get(word), 1
    if kind is None:
        kind = _TWO_NAMES.get(word)
        wanted = 2 if kind is not None else 1
    elif kind is ReferenceKind.SELF:  # the whole resource may be meant
        wanted = 0
    names = [str(s.key) for s in attributes]
    if len(attributes) < wanted:
        end = attributes[-1].end if attributes else root.end
        return Reference(ReferenceKind.INCOMPLETE, (word, *names), tuple(steps[len(names) :]), root.start, end)
    end = attributes[wanted - 1].end if wanted else root.end
    found = tuple(names[:wanted])
    if kind is None:
        return Reference(ReferenceKind.RESOURCE, (word, *found), tuple(steps[1:]), root.start, end)
    return Reference(kind, found, tuple(steps[wanted:]), root.start, end)


def is_resource(kind: ReferenceKind) -> bool:
    """Report whether a reference of this kind names a resource of any mode."""
    return kind in _RESOURCES


__all__ = [
    "NOTHING_BOUND",
    "FunctionCall",
    "Reference",
    "ReferenceKind",
    "ReferenceStep",
    "is_resource",
    "references",
    "references_and_calls",
]
