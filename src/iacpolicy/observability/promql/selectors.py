"""Selection of services by the label matchers of an expression.

An expression selects a service if a label matcher names it, by equality or by regular expression. It selects every
service if a matcher on a label of services names none: a variable, `.+`, or the exclusion of others. Without such a
matcher, grouping by such a label selects every service, and so does `up`, which every service has.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from iacpolicy.observability.marks import ANY, has_unknown
from iacpolicy.observability.promql.label_patterns import alternatives, is_open, matches
from iacpolicy.observability.promql.parse import Matcher, Query, Selector

MAX_RECORDED: Final = 8

Recorded = Mapping[str, tuple[Query, ...]]
"""The expressions behind each recorded series, by its name."""


class ServiceNames(msgspec.Struct, frozen=True):
    """A service's name, the names of all services, and the labels that identify services."""

    name: str
    others: frozenset[str]
    labels: frozenset[str]


def selects(query: Query, names: ServiceNames, recorded: Recorded) -> bool:
    """Report whether an expression certainly selects the service."""
    return any(_selects(selector, query, names, recorded, ()) for selector in query.selectors)


def open_matchers(query: Query, names: ServiceNames) -> Iterator[Matcher]:
    """Yield the matchers that may name the service: a part of them, or of its name, is unknown."""
    for selector in query.selectors:
        for alternative in selector.alternatives:
            for matcher in alternative:
                if matcher.operator in ("=", "=~") and (has_unknown(matcher.value) or has_unknown(names.name)):
                    yield matcher


def candidates(query: Query, services: frozenset[str]) -> frozenset[str]:
    """Return the services that any matcher of an expression names."""
    return frozenset[str]().union(
        *(
            _named(matcher, services)
            for selector in query.selectors
            for alternative in selector.alternatives
            for matcher in alternative
            if matcher.operator in ("=", "=~") and not is_open(matcher)
        )
    )


def is_wide(query: Query, labels: frozenset[str], recorded: Recorded) -> bool:
    """Report whether an expression may select services that none of its matchers names."""
    return any(
        (selector.metric or "") in recorded
        or selector.metric == "up"
        or any(
            m.label in labels and (m.operator in ("!=", "!~") or is_open(m)) for a in selector.alternatives for m in a
        )
        for selector in query.selectors
    ) or bool(query.labels & labels)


def _selects(selector: Selector, query: Query, names: ServiceNames, recorded: Recorded, path: tuple[str, ...]) -> bool:
    if any(_alternative(alternative, names) for alternative in selector.alternatives):
        return True
    if all(_excludes(alternative, names) for alternative in selector.alternatives):
        return False
    if any(_identifies_services(m, names) for alternative in selector.alternatives for m in alternative):
        return False
    metric = selector.metric or ""
    if metric in recorded and metric not in path and len(path) < MAX_RECORDED:
        behind = recorded[metric]
        following = (*path, metric)
        return any(_selects(inner, q, names, recorded, following) for q in behind for inner in q.selectors)
    return metric == "up" or bool(query.labels & names.labels)


def _alternative(matchers: Collection[Matcher], names: ServiceNames) -> bool:
    """Report whether matchers that apply together select the service by its name, or name no service."""
    if _excludes(matchers, names):
        return False
    positive = [m for m in matchers if m.operator in ("=", "=~")]
    if any(matches(m, names.name) and not is_open(m) for m in positive):
        return True
    telling = [m for m in matchers if m.label in names.labels]
    if any(_names_other_services(m, names) for m in telling):
        return False
    return any(_is_open_or_negated(m) for m in telling)


def _is_open_or_negated(matcher: Matcher) -> bool:
    return matcher.operator in ("!=", "!~") or is_open(matcher)


def _excludes(matchers: Collection[Matcher], names: ServiceNames) -> bool:
    return any(m.operator in ("!=", "!~") and not is_open(m) and matches(m, names.name) for m in matchers)


def _names_other_services(matcher: Matcher, names: ServiceNames) -> bool:
    if matcher.operator not in ("=", "=~") or is_open(matcher):
        return False
    named = _named(matcher, names.others)
    return len(named) > 1 or (bool(named) and names.name not in named)


@lru_cache(maxsize=10_000)
def _named(matcher: Matcher, services: frozenset[str]) -> frozenset[str]:
    """Return the services that a matcher names."""
    if matcher.operator == "=" and ANY not in matcher.value:
        return services & {matcher.value}
    listed = alternatives(matcher.value) if matcher.operator == "=~" else None
    if listed is not None:
        return services & listed
    return frozenset(service for service in services if matches(matcher, service))


def _identifies_services(matcher: Matcher, names: ServiceNames) -> bool:
    """Report whether a matcher is on a label that identifies services."""
    return matcher.label in names.labels and matcher.operator in ("=", "=~") and not is_open(matcher)
