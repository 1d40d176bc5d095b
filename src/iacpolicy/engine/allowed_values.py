"""The allowed values in providers' schemas as conditions: a plan that violates one is not a possible world."""

from collections.abc import Iterator

from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.member_access import NULL
from iacpolicy.evaluate.values.rendering import constant
from iacpolicy.evaluate.values.terms import Constant, Term, apply
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, string, tuple_of
from iacpolicy.graph.graph import Graph
from iacpolicy.policy.attributes.truth import FALSE_TERM, TRUE_TERM, conditional, either, negation
from iacpolicy.schemas.schema import AttributeSchema

MAX_ALLOWED = 64
MAX_BLOCKS = 200
MAX_DEPTH = 16


def allowed_values(graph: Graph) -> Iterator[Term]:
    """Yield for each unknown attribute with a list of allowed values the condition that it has one of them."""
    for node in graph.nodes:
        if node.kind not in ("resource", "data") or node.body is None or node.body.schema is None:
            continue
        for term in _of_block(node.body):
            yield term if node.exists is None else either(negation(node.exists), term)


def _of_block(top: BlockInstance) -> Iterator[Term]:
    pending = [top]
    for _ in range(MAX_BLOCKS):
        if not pending:
            return
        block = pending.pop()
        schema = block.schema
        for name in block.attribute_names if schema is not None else ():
            facts = schema.attributes.get(name) if schema is not None else None
            if facts is not None and _is_enumerated(facts):
                try:
                    value = block.attribute(name)
                except EvaluationError:
                    continue
                yield from _of_value(value, facts, 0)
        for type_ in block.block_types:
            pending.extend(inner for inner in block.blocks(type_) if inner.exists is None)


def _is_enumerated(facts: AttributeSchema) -> bool:
    """Report whether the schema lists the allowed values of an attribute or of a part of it."""
    pending = [facts]
    for _ in range(MAX_BLOCKS):
        if not pending:
            break
        one = pending.pop()
        if one.one_of:
            return True
        pending.extend(one.nested.attributes.values() if one.nested is not None else ())
    return False


def _of_value(value: Value | None, facts: AttributeSchema, depth: int) -> Iterator[Term]:
    if value is None or depth > MAX_DEPTH:
        return
    if facts.one_of and len(facts.one_of) <= MAX_ALLOWED:
        term = _is_one_of(value, facts.one_of, facts.required, 0)
        if not isinstance(term, Constant):
            yield term
    if facts.nested is not None and facts.nested.nesting == "single" and isinstance(value.data, dict):
        for name, inner in facts.nested.attributes.items():
            yield from _of_value(value.data.get(name), inner, depth + 1)


def _is_one_of(value: Value, texts: tuple[str, ...], is_required: bool, depth: int) -> Term:
    """Return the condition that a value is one of some strings; an optional value may be null as well."""
    data = value.data
    if isinstance(data, Choice) and depth < MAX_DEPTH:
        arms = (_is_one_of(arm, texts, is_required, depth + 1) for arm in (data.then, data.otherwise))
        return conditional(data.condition, *arms)
    if isinstance(data, Unknown):
        within = apply("contains", constant(tuple_of(string(text) for text in texts)), data.term)
        return within if is_required else either(apply("==", data.term, NULL), within)
    if isinstance(data, str):
        return TRUE_TERM if data in texts else FALSE_TERM
    return TRUE_TERM
