"""One policy held against one node in every possible world, and what follows from the worlds together.

The worlds form a tree of decisions. A violation that stands at every leaf is certain; one that stands at some is
possible where an input decides, and undecided where only a provider could tell.
"""

import traceback
from collections.abc import Iterator

import msgspec
from msgspec import structs

from iacpolicy.core.diagnostics import Diagnostic, note
from iacpolicy.core.spans import Span
from iacpolicy.engine.worlds import Assertions, Decision, Impossible, ScriptedWorld
from iacpolicy.evaluate.values.terms import Cause, Reason, Term, reasons
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Graph, Hint, Resource, Violation
from iacpolicy.policy.attributes import world as worlds
from iacpolicy.policy.attributes.attribute import Attribute
from iacpolicy.policy.attributes.world import Undecidable
from iacpolicy.policy.loading import time_limit
from iacpolicy.policy.loading.policy import Policy

MAX_WORLDS = 64
MAX_VIOLATIONS = 10_000


class SeenViolation(msgspec.Struct, frozen=True):
    """A violation as one world has it, with what identifies it over worlds.

    `others` are the violations with other messages that other worlds have under the same key.
    """

    key: tuple[Span, str, int]
    violation: Violation
    place: Span
    path: str
    others: tuple[Violation, ...] = ()


DecisionPath = tuple[Decision, ...]
"""Decisions that together make a violation come true."""


class PolicyOutcome(msgspec.Struct, frozen=True):
    """What a policy says of a node: violations, possible ones with the ways to each, and why it is undecided."""

    certain: tuple[SeenViolation, ...] = ()
    possible: tuple[tuple[SeenViolation, tuple[DecisionPath, ...]], ...] = ()
    undecided: tuple[Reason, ...] = ()
    undecided_at: Span | None = None
    hints: tuple[Diagnostic, ...] = ()
    crash: str | None = None
    is_absent: bool = False
    is_out_of_time: bool = False

    @property
    def passed(self) -> bool:
        """Whether the node exists and meets the policy in every world."""
        return not (self.certain or self.possible or self.undecided or self.crash or self.is_absent)


class _WorldResult(msgspec.Struct):
    decisions: tuple[Decision, ...]
    seen: dict[tuple[Span, str, int], SeenViolation] = msgspec.field(default_factory=dict)
    hints: list[Diagnostic] = msgspec.field(default_factory=list)
    undecidable: tuple[Reason, ...] = ()
    undecidable_at: Span | None = None
    exists: bool = True


class Crash(Exception):  # noqa: N818 - carried to the outcome
    """A policy raised; the text is its traceback."""


def judge(policy: Policy, node: Node, graph: Graph, assertions: Assertions, limit: int = MAX_WORLDS) -> PolicyOutcome:
    """The outcome of a policy for a node over all its possible worlds, at most `limit` of them."""
    try:
        with time_limit.stretch():
            leaves, complete = _explore(policy, node, graph, assertions, limit)
    except Crash as crash:
        return PolicyOutcome(crash=str(crash))
    except time_limit.OutOfTime:
        told = f"it took more than {time_limit.allowed():g} s for one resource, and was stopped for this run"
        return PolicyOutcome(crash=told, is_out_of_time=True)
    if not complete:
        why = tuple(dict.fromkeys(r for leaf in leaves for d in leaf.decisions for r in reasons(d.atom)))
        limited = Reason(Cause.LIMIT, f"more than {limit} combinations of unknown values would have to be tried")
        return PolicyOutcome(undecided=(limited, *why))
    if not any(leaf.exists for leaf in leaves):
        return PolicyOutcome(is_absent=True)
    return _combined(leaves)


def _explore(
    policy: Policy, node: Node, graph: Graph, assertions: Assertions, limit: int
) -> tuple[list[_WorldResult], bool]:
    """The worlds, depth first; False where there are more than the limit."""
    pending: list[tuple[bool, ...]] = [()]
    leaves: list[_WorldResult] = []
    runs = 0
    while pending:
        if runs + len(pending) > limit:  # each of those that wait is a world of its own
            return leaves, False
        runs += 1
        script = pending.pop()
        world = ScriptedWorld(script, assertions)
        leaf = _run(policy, node, graph, world)
        for at in range(len(world.decisions) - 1, len(script) - 1, -1):
            pending.append((*(d.answer for d in world.decisions[:at]), not world.decisions[at].answer))
        if leaf is not None:
            leaves.append(leaf)
    return leaves, True


def _run(policy: Policy, node: Node, graph: Graph, world: ScriptedWorld) -> _WorldResult | None:
    """One world: None where it contradicts a validation."""
    leaf = _WorldResult(())
    try:
        with worlds.entered(world):
            leaf.exists = node.exists is None or world.decide(node.exists)
            if leaf.exists:
                for seen in _violations(policy, node, graph, leaf.hints):
                    leaf.seen[seen.key] = seen
    except Impossible:
        return None
    except Undecidable as problem:
        leaf.undecidable = problem.reasons
        if isinstance(problem.at, Attribute | Resource):
            leaf.undecidable_at = problem.at.at
    leaf.decisions = tuple(world.decisions)
    return leaf


def _violations(policy: Policy, node: Node, graph: Graph, hints: list[Diagnostic]) -> Iterator[SeenViolation]:
    """What a policy yields in the current world; its hints are put aside."""
    counted: dict[tuple[Span, str], int] = {}
    try:
        for number, violation in enumerate(policy.check(Resource(node), graph, policy.options)):
            if number >= MAX_VIOLATIONS:
                raise Crash(f"the policy yields more than {MAX_VIOLATIONS} violations for one resource")
            if isinstance(violation, Hint):
                hints.append(note(violation.summary, violation.detail, place_of(violation.at)[0]))
                continue
            if not isinstance(violation, Violation):
                raise Crash(f"the policy yields {violation!r}, which is no Violation")
            place, path = place_of(violation.at)
            if violation.secret is not None:
                path = violation.secret.attribute
            what = f"{path}\0{violation.cause}"
            index = counted.get((place, what), 0)
            counted[(place, what)] = index + 1
            yield SeenViolation((place, what, index), violation, place, path)
    except (Impossible, Undecidable, Crash, time_limit.OutOfTime, KeyboardInterrupt):
        raise
    except BaseException as problem:
        raise Crash("".join(traceback.format_exception(problem))) from problem


def place_of(at: object) -> tuple[Span, str]:
    """Where something that a policy yields stands, and the path of its attribute."""
    match at:
        case Attribute() as attribute:
            return attribute.at, attribute.path
        case Resource() as resource:
            return resource.at, ""
        case Span() as span:
            return span, ""
        case other:
            raise Crash(f"the policy yields something without a place: {other!r}")


# what the tree of worlds says of one violation: at every leaf, at none, at some by an input, or undecided
class _TreeVerdict(msgspec.Struct, frozen=True):
    kind: str  # "yes", "no", "possible", "undecided"
    ways: tuple[DecisionPath, ...] = ()
    reasons: tuple[Reason, ...] = ()


_YES, _NO = _TreeVerdict("yes"), _TreeVerdict("no")


def _combined(leaves: list[_WorldResult]) -> PolicyOutcome:
    if len(leaves) == 1 and not leaves[0].decisions:
        leaf = leaves[0]
        hints = tuple(dict.fromkeys(leaf.hints))
        why = tuple(dict.fromkeys(leaf.undecidable))
        return PolicyOutcome(tuple(leaf.seen.values()), (), why, leaf.undecidable_at, hints)
    keys: dict[tuple[Span, str, int], dict[str, SeenViolation]] = {}
    for leaf in leaves:
        for key, seen in leaf.seen.items():
            keys.setdefault(key, {}).setdefault(seen.violation.message, seen)
    certain: list[SeenViolation] = []
    possible: list[tuple[SeenViolation, tuple[DecisionPath, ...]]] = []
    undecided: dict[Reason, None] = {}
    undecided_at: Span | None = None
    for key, told in keys.items():
        seen = next(iter(told.values()))
        if len(told) > 1:
            seen = structs.replace(seen, others=tuple(other.violation for other in told.values())[1:])
        verdict = _verdict(leaves, 0, key)
        if verdict.kind == "yes":
            certain.append(seen)
        elif verdict.kind == "possible":
            possible.append((seen, verdict.ways))
        elif verdict.kind == "undecided":
            undecided.update(dict.fromkeys(verdict.reasons))
            undecided_at = undecided_at or seen.place
    for leaf in leaves:
        if leaf.undecidable:
            undecided.update(dict.fromkeys(leaf.undecidable))
            undecided_at = undecided_at or leaf.undecidable_at
    hints = tuple(dict.fromkeys(hint for leaf in leaves for hint in leaf.hints))
    return PolicyOutcome(tuple(certain), tuple(possible), tuple(undecided), undecided_at, hints)


def _verdict(leaves: list[_WorldResult], depth: int, key: tuple[Span, str, int]) -> _TreeVerdict:
    if len(leaves) == 1 and len(leaves[0].decisions) <= depth:
        leaf = leaves[0]
        if key in leaf.seen:
            return _YES
        return _TreeVerdict("undecided", reasons=leaf.undecidable) if leaf.undecidable else _NO
    decision = leaves[0].decisions[depth]
    sides = [[leaf for leaf in leaves if leaf.decisions[depth].answer is answer] for answer in (True, False)]
    if not sides[0] or not sides[1]:
        return _verdict(sides[0] or sides[1], depth + 1, key)
    then, otherwise = (_verdict(side, depth + 1, key) for side in sides)
    if then.kind == otherwise.kind and then.kind in ("yes", "no"):
        return then
    if decision.is_input:
        return _by_input(decision.atom, then, otherwise)
    return _by_fact(decision.atom, then, otherwise)


def _by_input(atom: Term, then: _TreeVerdict, otherwise: _TreeVerdict) -> _TreeVerdict:
    """An input decides: whoever sets it can make the violation come true, so it is possible under that condition."""
    if then.ways and then.ways == otherwise.ways:
        return then
    ways: list[DecisionPath] = []
    for answer, verdict, other in ((True, then, otherwise), (False, otherwise, then)):
        decision = Decision(atom, answer)
        if verdict.kind == "yes":
            ways.append((decision,))
        elif verdict.kind == "possible":  # beside a `yes` for the other answer, this one need not be said
            ways.extend(way if other.kind == "yes" else (decision, *way) for way in verdict.ways)
    if ways:
        return _TreeVerdict("possible", tuple(ways))
    why = tuple(dict.fromkeys((*then.reasons, *otherwise.reasons)))
    return _TreeVerdict("undecided", reasons=why)


def _by_fact(atom: Term, then: _TreeVerdict, otherwise: _TreeVerdict) -> _TreeVerdict:
    """Only a provider decides: what does not hold either way is undecided, for its reasons."""
    if then.kind != "no" and otherwise.kind != "no" and "undecided" not in (then.kind, otherwise.kind):
        return max(then, otherwise, key=lambda verdict: sum(map(len, verdict.ways)))
    why = tuple(dict.fromkeys((*reasons(atom), *then.reasons, *otherwise.reasons)))
    return _TreeVerdict("undecided", reasons=why)
