"""The places of parts of a block, as far as the syntax shows them."""

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
    """A range of a file, and its expression if parts of it have places of their own."""

    source: SourceFile
    start: int
    end: int
    expression: ast.Expression | None = None

    @property
    def span(self) -> Span:
        return self.source.span(self.start, self.end)

    def part(self, key: str | int) -> "ExpressionPlace":
        """Return the place of an element, or this place if the syntax does not show the element."""
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
    """Return the place of a block's header, which is also the place of its absent attributes."""
    node = body.block.node
    return ExpressionPlace(body.block.source, node.start, node.header_end)


def argument(body: BlockInstance, name: str) -> ExpressionPlace | None:
    """Return the place of an attribute in its block, None if it is not written."""
    written = body.argument(name)
    if written is None:
        return None
    return ExpressionPlace(written.source, written.node.start, written.node.end, written.value)


class Members:
    """The places of the elements of a set, found by their values, because a set has no order."""

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
        """Return the place of an element, or of the whole set if the syntax does not show the element."""
        return self._found.get(_content(element)) or ExpressionPlace(
            self._place.source, self._place.start, self._place.end
        )


def _content(value: Value) -> object:
    """Return an object that is equal for a value and its conversion by a schema; null members are left out."""
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
