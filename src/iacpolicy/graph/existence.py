"""The condition for the existence of nodes that are created for each instance of another block.

`for_each = aws_s3_bucket.this`, over buckets that are created for each of `var.names`, has instances exactly where
`var.names` has elements. Both blocks get the same condition, so no world has one without the other.
"""

import msgspec

from iacpolicy.evaluate.modules.resource_instances import ResourceInstance
from iacpolicy.evaluate.values.addresses import EveryInstance, without_symbolic_key
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.term_queries import declared_address
from iacpolicy.evaluate.values.terms import Apply, Constant, HasElements, Symbol, Term, apply
from iacpolicy.graph.nodes import Node

_LEAST = {">": Number(0), ">=": Number(1)}
MAX_STEPS = 8


def with_shared_existence(nodes: list[Node]) -> list[Node]:
    """Return the nodes; a condition on the existence of a set is replaced by the condition that the set depends on."""
    made: dict[str, Term] = {}
    for node in nodes:
        payload, module = node.payload, node.module
        if isinstance(payload, ResourceInstance) and payload.is_symbolic and payload.made is not None:
            made[without_symbolic_key(payload.address)] = payload.made
        if module is not None and isinstance(module.key, EveryInstance) and module.made is not None:
            made[without_symbolic_key(module.address)] = module.made
    if not made:
        return nodes
    return [node if node.exists is None else _with(node, _resolved(node.exists, made)) for node in nodes]


def _with(node: Node, exists: Term) -> Node:
    return node if exists is node.exists else msgspec.structs.replace(node, exists=exists)


def _resolved(term: Term, made: dict[str, Term]) -> Term:
    for _ in range(MAX_STEPS):
        following = _substituted(term, made)
        if following is term:
            break
        term = following
    return term


def _substituted(term: Term, made: dict[str, Term]) -> Term:
    address = _set_of(term)
    if address in made:
        return made[address]
    if not isinstance(term, Apply):
        return term
    operands = tuple(_substituted(operand, made) for operand in term.operands)
    unchanged = all(new is old for new, old in zip(operands, term.operands, strict=True))
    return term if unchanged else apply(term.operator, *operands)


def _set_of(term: Term) -> str:
    """Return the address of the set whose instances a condition requires; empty for other conditions."""
    if isinstance(term, Symbol):
        fact = term.identity.fact
        return declared_address(fact.collection) if isinstance(fact, HasElements) else ""
    if isinstance(term, Apply) and term.operator in _LEAST:
        counted, least = term.operands
        if isinstance(counted, Apply) and isinstance(least, Constant) and least.value == _LEAST[term.operator]:
            return declared_address(counted.operands[0]) if counted.operator == "length" else ""
    return ""
