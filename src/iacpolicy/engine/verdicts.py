"""Run one policy on one node in every possible world, and derive its outcome from all worlds.

The worlds form a tree of decisions. A violation in every world is certain. A violation in some worlds is possible if an
input decides, and undecided if only a provider can decide.
"""

import traceback
from collections.abc import Iterator, Mapping
from typing import TypeAlias

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


ViolationKey: TypeAlias = tuple[Span, str, int]
"""The place, the attribute and cause, and a number for equal ones."""


class SeenViolation(msgspec.Struct, frozen=True):
    """A violation in one world; `key` identifies it over all worlds.

    `others` are the violations with the same key in other worlds whose message differs.
    """

    key: ViolationKey
    violation: Violation
    place: Span
    path: str
    others: tuple[Violation, ...] = ()


DecisionPath: TypeAlias = tuple[Decision, ...]
"""Decisions under which a violation occurs."""


class PolicyOutcome(msgspec.Struct, frozen=True):
    """The outcome of a policy for a node: violations, possible ones with their decisions, and why it is undecided.

    `is_absent` is set where the node exists in no possible world.
    """

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
        """Report that the node exists and meets the policy in every world."""
        return not (self.certain or self.possible or self.undecided or self.crash or self.is_absent)


class _WorldResult(msgspec.Struct, frozen=True):
    """The result of a policy in one world."""

    decisions: tuple[Decision, ...]
    seen: Mapping[ViolationKey, SeenViolation] = {}
    hints: tuple[Diagnostic, ...] = ()
    undecidable: tuple[Reason, ...] = ()
    undecidable_at: Span | None = None
    exists: bool = True


class Crash(Exception):  # noqa: N818 - carried to the outcome
    """A policy raised an exception; the text is its traceback."""


def judge(policy: Policy, node: Node, graph: Graph, assertions: Assertions, limit: int = MAX_WORLDS) -> PolicyOutcome:
    """Return the outcome of a policy for a node over all possible worlds, at most `limit` of them."""
    try:
        with time_limit.limited_run():
            results, complete = _explore(policy, node, graph, assertions, limit)
    except Crash as crash:
        return PolicyOutcome(crash=str(crash))
    except time_limit.OutOfTime:
        text = f"it took more than {time_limit.allowed():g} s for one resource, and was stopped for this run"
        return PolicyOutcome(crash=text, is_out_of_time=True)
    if not complete:
        why = tuple(dict.fromkeys(r for result in results for d in result.decisions for r in reasons(d.atom)))
        limited = Reason(Cause.LIMIT, f"there are more than {limit} combinations of unknown values")
        return PolicyOutcome(undecided=(limited, *why))
    if not any(result.exists for result in results):
        return PolicyOutcome(is_absent=True)
    return _combined(results)


def _explore(
    policy: Policy, node: Node, graph: Graph, assertions: Assertions, limit: int
) -> tuple[list[_WorldResult], bool]:
    """Return the result in each world, depth first, and False if there are more worlds than the limit."""
    pending: list[tuple[bool, ...]] = [()]
    results: list[_WorldResult] = []
    runs = 0
    while pending:
        if runs + len(pending) > limit:  # each pending script is one more world
            return results, False
        runs += 1
        script = pending.pop()
        world = ScriptedWorld(script, assertions)
        result = _run(policy, node, graph, world)
        for at in range(len(world.decisions) - 1, len(script) - 1, -1):
            pending.append((*(d.answer for d in world.decisions[:at]), not world.decisions[at].answer))
        if result is not None:
            results.append(result)
    return results, True


def _run(policy: Policy, node: Node, graph: Graph, world: ScriptedWorld) -> _WorldResult | None:
    """Return the result in one world, None if the world contradicts a validation."""
    seen: dict[ViolationKey, SeenViolation] = {}
    hints: list[Diagnostic] = []
    undecidable: tuple[Reason, ...] = ()
    undecidable_at: Span | None = None
    exists = True
    try:
        with worlds.entered(world):
            exists = node.exists is None or world.decide(node.exists)
            for found in _results(policy, node, graph) if exists else ():
                if isinstance(found, Diagnostic):
                    hints.append(found)
                else:
                    seen[found.key] = found
    except Impossible:
        return None
    except Undecidable as problem:
        undecidable = problem.reasons
        if isinstance(problem.at, Attribute | Resource):
            undecidable_at = problem.at.at
    return _WorldResult(tuple(world.decisions), seen, tuple(hints), undecidable, undecidable_at, exists)


def _results(policy: Policy, node: Node, graph: Graph) -> Iterator[SeenViolation | Diagnostic]:
    """Yield the violations of a policy in the current world, and its hints as diagnostics."""
    counted: dict[tuple[Span, str], int] = {}
    try:
        for number, violation in enumerate(policy.check(Resource(node), graph, policy.options)):
            if number >= MAX_VIOLATIONS:
                raise Crash(f"the policy yields more than {MAX_VIOLATIONS} violations for one resource")
            if isinstance(violation, Hint):
                yield note(violation.summary, violation.detail, place_of(violation.at)[0])
                continue
            if not isinstance(violation, Violation):
                raise Crash(f"the policy yields {violation!r}, which is not a Violation")
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
    """Return the place of an object that a policy yields, and the path of its attribute.

    Raises:
        Crash: the object has no place.
    """
    match at:
        case Attribute() as attribute:
            return attribute.at, attribute.path
        case Resource() as resource:
            return resource.at, ""
        case Span() as span:
            return span, ""
        case other:
            raise Crash(f"the policy yields an object without a place: {other!r}")


class _TreeVerdict(msgspec.Struct, frozen=True):
    """The verdict on one violation in a tree of worlds.

    `kind` is `yes` in all worlds, `no` in none, `possible` in some by an input, or `undecided`.
    """

    kind: str
    paths: tuple[DecisionPath, ...] = ()
    reasons: tuple[Reason, ...] = ()


_YES, _NO = _TreeVerdict("yes"), _TreeVerdict("no")


def _combined(results: list[_WorldResult]) -> PolicyOutcome:
    if len(results) == 1 and not results[0].decisions:
        result = results[0]
        hints = tuple(dict.fromkeys(result.hints))
        why = tuple(dict.fromkeys(result.undecidable))
        return PolicyOutcome(tuple(result.seen.values()), (), why, result.undecidable_at, hints)
    keys: dict[ViolationKey, dict[str, SeenViolation]] = {}
    for result in results:
        for key, seen in result.seen.items():
            keys.setdefault(key, {}).setdefault(seen.violation.message, seen)
    certain: list[SeenViolation] = []
    possible: list[tuple[SeenViolation, tuple[DecisionPath, ...]]] = []
    undecided: dict[Reason, None] = {}
    undecided_at: Span | None = None
    for key, by_message in keys.items():
        seen = next(iter(by_message.values()))
        if len(by_message) > 1:
            seen = structs.replace(seen, others=tuple(other.violation for other in by_message.values())[1:])
        verdict = _verdict(results, 0, key)
        if verdict.kind == "yes":
            certain.append(seen)
        elif verdict.kind == "possible":
            possible.append((seen, verdict.paths))
        elif verdict.kind == "undecided":
            undecided.update(dict.fromkeys(verdict.reasons))
            undecided_at = undecided_at or seen.place
    for result in results:
        if result.undecidable:
            undecided.update(dict.fromkeys(result.undecidable))
            undecided_at = undecided_at or result.undecidable_at
    hints = tuple(dict.fromkeys(hint for result in results for hint in result.hints))
    return PolicyOutcome(tuple(certain), tuple(possible), tuple(undecided), undecided_at, hints)


def _verdict(results: list[_WorldResult], depth: int, key: ViolationKey) -> _TreeVerdict:
    if len(results) == 1 and len(results[0].decisions) <= depth:
        result = results[0]
        if key in result.seen:
            return _YES
        return _TreeVerdict("undecided", reasons=result.undecidable) if result.undecidable else _NO
    decision = results[0].decisions[depth]
    sides = [[result for result in results if result.decisions[depth].answer is answer] for answer in (True, False)]
    if not sides[0] or not sides[1]:
        return _verdict(sides[0] or sides[1], depth + 1, key)
    then, otherwise = (_verdict(side, depth + 1, key) for side in sides)
    if then.kind == otherwise.kind and then.kind in ("yes", "no"):
        return then
    if decision.is_input:
        return _by_input(decision.atom, then, otherwise)
    return _by_fact(decision.atom, then, otherwise)


def _by_input(atom: Term, then: _TreeVerdict, otherwise: _TreeVerdict) -> _TreeVerdict:
    """Return the verdict where an input decides: the violation is possible for the values that lead to it."""
    if then.paths and then.paths == otherwise.paths:
        return then
    paths: list[DecisionPath] = []
    for answer, verdict, other in ((True, then, otherwise), (False, otherwise, then)):
        decision = Decision(atom, answer)
        if verdict.kind == "yes":
            paths.append((decision,))
        elif verdict.kind == "possible":  # if the other answer is `yes`, this decision adds nothing
            paths.extend(path if other.kind == "yes" else (decision, *path) for path in verdict.paths)
    if paths:
        return _TreeVerdict("possible", tuple(paths))
    why = tuple(dict.fromkeys((*then.reasons, *otherwise.reasons)))
    return _TreeVerdict("undecided", reasons=why)


def _by_fact(atom: Term, then: _TreeVerdict, otherwise: _TreeVerdict) -> _TreeVerdict:
    """Return the verdict where only a provider decides: undecided unless the violation occurs for both answers."""
    if then.kind != "no" and otherwise.kind != "no" and "undecided" not in (then.kind, otherwise.kind):
        return max(then, otherwise, key=lambda verdict: sum(map(len, verdict.paths)))
    why = tuple(dict.fromkeys((*reasons(atom), *then.reasons, *otherwise.reasons)))
    return _TreeVerdict("undecided", reasons=why)
