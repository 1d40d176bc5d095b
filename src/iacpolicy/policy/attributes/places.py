"""Where a part of a block is written: followed through the syntax as far as the syntax shows it."""

import msgspec

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.rendering import constant
from iacpolicy.evaluate.values.value import Choice, Unknown, Value
from iacpolicy.hcl import ast
from iacpolicy.hcl.shared.text import template_text


class ExpressionPlace(msgspec.Struct, frozen=True):
    """A stretch of a file, and the expression there if its parts can be followed further."""

    source: SourceFile
    start: int
    end: int
    expression: ast.Expression | None = None

    @property
    def span(self) -> Span:
        return self.source.span(self.start, self.end)

    def part(self, key: str | int) -> "ExpressionPlace":
        """The place of an element; the place itself where the syntax does not show the element."""
        node = self.expression
        while isinstance(node, ast.Parens):
            node = node.value
        if isinstance(node, ast.ObjectCons):
            for item in node.items:
                if _key(item.key, self.source) == key:
                    return ExpressionPlace(self.source, item.start, item.end, item.value)
        elif isinstance(node, ast.TupleCons) and isinstance(key, int) and 0 <= key < len(node.items):
            element = node.items[key]
            return ExpressionPlace(self.source, element.start, element.end, element)
        return ExpressionPlace(self.source, self.start, self.end)


def _key(node: ast.Expression, source: SourceFile) -> str | None:
    if isinstance(node, ast.KeyName):
        return node.name
    if isinstance(node, ast.Template):
        return template_text(node, source.text)
    return None


def header(body: BlockInstance) -> ExpressionPlace:
    """The header of a block, the place of whatever is absent from it."""
    node = body.block.node
    return ExpressionPlace(body.block.source, node.start, node.header_end)


def argument(body: BlockInstance, name: str) -> ExpressionPlace | None:
    """Where an attribute is written in its block, None where it is not."""
    written = body.argument(name)
    if written is None:
        return None
    return ExpressionPlace(written.source, written.node.start, written.node.end, written.value)


class Members:
    """The places of the elements of a set, found by what is written there; the set itself has no order."""

    def __init__(self, place: ExpressionPlace, context: Context | None) -> None:
        self._place = place
        self._found: dict[object, ExpressionPlace] = {}
        node = place.expression
        while isinstance(node, ast.Call) and node.name == "toset" and len(node.arguments) == 1:
            node = node.arguments[0]
        if context is None or not isinstance(node, ast.TupleCons):
            return
        for item in node.items:
            try:
                written = evaluate(item, context.within(place.source))
            except EvaluationError:
                continue
            self._found.setdefault(_content(written), ExpressionPlace(place.source, item.start, item.end, item))

    def place_of(self, element: Value) -> ExpressionPlace:
        """Where an element is written; the whole set where the syntax does not show it."""
        return self._found.get(_content(element)) or ExpressionPlace(
            self._place.source, self._place.start, self._place.end
        )


def _content(value: Value) -> object:
    """Equal for a value and what a schema makes of it: members that are null count as left out."""
    data = value.data
    if isinstance(data, Unknown):
        return ("unknown", data.term.key)
    if isinstance(data, Choice):
        return ("choice", data.condition.key, _content(data.then), _content(data.otherwise))
    if isinstance(data, tuple):
        return tuple(_content(v) for v in data)
    if isinstance(data, dict):
        return tuple(sorted((k, repr(_content(v))) for k, v in data.items() if v.data is not None))
    return constant(value).text.strip('"')
