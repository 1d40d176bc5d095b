"""The redirects of a cell, by rulesets, lists, page rules and settings of Cloudflare.

https://developers.cloudflare.com/rules/url-forwarding/
"""

from collections.abc import Callable, Iterator

import msgspec

from iacpolicy.policy.api import Attribute, Graph, Resource
from iacpolicy.policy.library.hosts import is_below, normalized, text_of, zones_of
from iacpolicy.policy.library.rules_language import Result, SyntaxProblem, evaluate, tokens
from iacpolicy.policy.library.web_request import WebRequest, request_of, wildcard_match
from iacpolicy.policy.library.zones import apex_of, settings_of

MAX_REDIRECTS = 12
_SCHEMES = ("http", "https")


class Redirect(msgspec.Struct, frozen=True, eq=False):
    """One redirect; `target` returns the URL for a request, None if it does not match or is unknown.

    `zone` identifies the zone of its requests, None for the whole account; `domains` are the known names of that zone.
    `mentioned` are the hosts and URLs in its text.
    """

    at: Attribute
    owner: Resource
    target: Callable[[WebRequest], str | None]
    zone: str | None = None
    domains: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()


class Redirects(msgspec.Struct):
    """All redirects of a cell, in the order in which Cloudflare applies them."""

    dynamic: list[Redirect] = msgspec.field(default_factory=list)
    bulk: dict[str, list[Redirect]] = msgspec.field(default_factory=dict)  # by host; those for subdomains under "."
    pages: list[Redirect] = msgspec.field(default_factory=list)
    settings: list[Redirect] = msgspec.field(default_factory=list)

    def follow(self, start: WebRequest) -> list[tuple[WebRequest, Redirect]]:
        """Return the sequence of requests, each with its redirect, until one repeats or `MAX_REDIRECTS` is reached."""
        steps: list[tuple[WebRequest, Redirect]] = []
        seen = {start}
        request = start
        for _ in range(MAX_REDIRECTS):
            answer = self.answer(request)
            if answer is None:
                break
            steps.append((request, answer[0]))
            request = answer[1]
            if request in seen:
                return [*steps, (request, answer[0])]
            seen.add(request)
        return steps

    def loop(self, start: WebRequest) -> list[Redirect]:
        """Return the redirects of the loop that a request enters, in order; empty if there is no loop.

        A sequence without an end, such as one with a growing path, counts as a loop of its later redirects.
        """
        steps = self.follow(start)
        last = steps[-1][0] if steps else start
        first = next((i for i, (request, _) in enumerate(steps[:-1]) if request == last), None)
        if first is not None:
            return [redirect for _, redirect in steps[first:-1]]
        return [redirect for _, redirect in steps[MAX_REDIRECTS // 2 :]] if len(steps) >= MAX_REDIRECTS else []

    def answer(self, request: WebRequest) -> tuple[Redirect, WebRequest] | None:
        """Return the redirect for a request and the next request of the browser, None if there is no redirect."""
        bulk = (*self.bulk.get(request.host, ()), *self.bulk.get(".", ()))
        for redirect in (*self.dynamic, *bulk, *self.pages, *self.settings):
            if redirect.zone is not None and not any(is_below(request.host, d) for d in redirect.domains):
                continue
            target = redirect.target(request)
            following = request_of(target) if target is not None else None
            if following is not None:
                return redirect, following
        return None

    def starts(self) -> Iterator[WebRequest]:
        """Yield requests to all hosts and paths that the redirects mention, with both schemes."""
        seen: set[WebRequest] = set()
        everything = [*self.dynamic, *(r for some in self.bulk.values() for r in some), *self.pages, *self.settings]
        paths = {p for r in self.dynamic for p in r.mentioned if p.startswith("/")} | {"/"}
        for redirect in everything:
            hosts = {h for h in redirect.mentioned if not h.startswith("/") and "://" not in h} | set(redirect.domains)
            requests = [r for m in redirect.mentioned if "://" in m and (r := request_of(m)) is not None]
            own = {p for p in redirect.mentioned if p.startswith("/")} | {"/"}
            requests += [WebRequest(s, h, p) for h in sorted(hosts) for p in sorted(own | paths)[:40] for s in _SCHEMES]
            for request in requests:
                if request not in seen:
                    seen.add(request)
                    yield request


def redirects_of(graph: Graph) -> Redirects:
    """Return all redirects of a cell in the current world."""
    found = Redirects()
    for ruleset in graph.of("cloudflare_ruleset"):
        if ruleset["phase"] == "http_request_dynamic_redirect":
            found.dynamic.extend(dynamic_redirects(ruleset, graph))
    for list_ in graph.of("cloudflare_list"):
        if list_["kind"] == "redirect" and not list_["items"].is_null:
            for item in list_["items"]:
                _add_bulk(found, item["redirect"], list_)
    for entry in graph.of("cloudflare_list_item"):
        if not entry["redirect"].is_null:
            _add_bulk(found, entry["redirect"], entry)
    rules = [r for r in graph.of("cloudflare_page_rule") if r["status"] == "active"]
    for rule in sorted(rules, key=_priority):
        found.pages.extend(_page_redirects(rule, graph))
    for zone in graph.of("cloudflare_zone"):
        for value in settings_of(zone, graph, "always_use_https"):
            if value == "on":
                found.settings.append(setting_redirect(value, zone, to_https))
    return found


def _priority(rule: Resource) -> int:
    priority = rule["priority"]
    return -int(priority.value) if priority.is_known and not priority.is_null else -1


def setting_redirect(value: Attribute, zone: Resource, target: Callable[[WebRequest], str | None]) -> Redirect:
    """Return the redirect of all requests to a zone by one of its settings."""
    owner = value.owner
    assert isinstance(owner, Resource)
    return Redirect(value, owner, target, owner.address, (apex_of(zone),))


def to_https(request: WebRequest) -> str | None:
    """Return the https URL of a request by http, else None."""
    return WebRequest("https", request.host, request.path, request.query).url if request.scheme == "http" else None


def dynamic_redirects(ruleset: Resource, graph: Graph) -> Iterator[Redirect]:
    """Yield the single redirects of a ruleset.

    Raises:
        Undecidable: no part of a rule's expression or target is known.
    """
    names = tuple(apex_of(zone) for zone in zones_of(ruleset, graph))
    for rule in ruleset["rules"]:
        if not rule["action"] == "redirect" or rule["enabled"] == False:  # noqa: E712, SIM201 - Truths
            continue
        from_value = rule["action_parameters"]["from_value"]
        target_url = from_value["target_url"]
        if from_value.is_null or target_url.is_null:
            continue
        is_literal = target_url["expression"].is_null
        target = target_url["value"] if bool(is_literal) else target_url["expression"]
        expression, where = text_of(rule["expression"], strict=True), text_of(target, strict=True)
        keeps_query = bool(from_value["preserve_query_string"] == True)  # noqa: E712
        mentioned = (*_mentioned(expression), *_mentioned(where if not is_literal else f'"{where}"'))
        domains = names or tuple(m for m in mentioned if "." in m and not m.startswith("/") and "://" not in m)
        yield Redirect(
            target,
            ruleset,
            _dynamic(expression, None if is_literal else where, where, keeps_query),
            text_of(ruleset["zone_id"]),
            domains,
            mentioned,
        )


def _dynamic(
    expression: str, target: str | None, literal: str, keeps_query: bool
) -> Callable[[WebRequest], str | None]:
    def send(request: WebRequest) -> str | None:
        if _evaluated(expression, request) is not True:
            return None
        where = literal if target is None else _evaluated(target, request)
        if not isinstance(where, str):
            return None
        return _with_query(where, request.query) if keeps_query else where

    return send


def _evaluated(expression: str, request: WebRequest) -> Result:
    try:
        return evaluate(expression, request)
    except SyntaxProblem:
        return None


def _with_query(url: str, query: str) -> str:
    return f"{url}?{query}" if query and "?" not in url else url


def _mentioned(expression: str) -> tuple[str, ...]:
    """Yield the hosts, paths and URLs in the texts of an expression, with a sample in place of `*`."""
    try:
        texts = [word for kind, word in tokens(expression) if kind == "text"]
    except SyntaxProblem:
        return ()
    found: dict[str, None] = {}
    for text in texts:
        sample = text.replace("*", "sample")
        if "://" in sample:
            request = request_of(sample)
            if request is not None:
                found[request.host] = None
                found[request.path] = None
        elif sample.startswith("/"):
            found[sample] = None
        elif sample and not set(sample) & set(' ^$[]()\\|+?{}"'):
            found[normalized(sample.lstrip("."))] = None
    return tuple(found)


def _add_bulk(found: Redirects, item: Attribute, owner: Resource) -> None:
    """https://developers.cloudflare.com/rules/url-forwarding/bulk-redirects/concepts/"""
    source, target = text_of(item["source_url"], strict=True), text_of(item["target_url"], strict=True)
    scheme, separator, rest = source.partition("://")
    host, slash, path = (rest if separator else source).partition("/")
    with_subdomains = bool(item["include_subdomains"] == True)  # noqa: E712
    subpaths = bool(item["subpath_matching"] == True)  # noqa: E712
    keeps_path = subpaths and not bool(item["preserve_path_suffix"] == False)  # noqa: E712
    keeps_query = bool(item["preserve_query_string"] == True)  # noqa: E712
    wanted, prefix = normalized(host), slash + path or "/"

    def send(request: WebRequest) -> str | None:
        is_host = request.host == wanted or (with_subdomains and is_below(request.host, wanted))
        if not is_host or (separator and request.scheme != scheme.lower()):
            return None
        suffix = request.path[len(prefix) :] if request.path.startswith(prefix) else ""
        is_path = request.path == prefix or (
            subpaths and request.path.startswith(prefix) and (prefix.endswith("/") or suffix.startswith("/"))
        )
        if not is_path:
            return None
        where = target.rstrip("/") + "/" + suffix.lstrip("/") if keeps_path and suffix else target
        return _with_query(where, request.query) if keeps_query else where

    redirect = Redirect(item["target_url"], owner, send, mentioned=(wanted, prefix))
    found.bulk.setdefault("." if with_subdomains else wanted, []).append(redirect)


def _page_redirects(rule: Resource, graph: Graph) -> Iterator[Redirect]:
    """https://developers.cloudflare.com/rules/page-rules/reference/wildcard-matching/"""
    pattern = text_of(rule["target"], strict=True)
    names = tuple(apex_of(zone) for zone in zones_of(rule, graph))
    host = pattern.partition("://")[2] if "://" in pattern else pattern
    host, _, path = host.partition("/")
    mentioned = (
        normalized(host.replace("*", "sample").removeprefix("samplesample.")),
        "/" + path.replace("*", "sample"),
    )
    domains = names or (normalized(host.lstrip("*.")),)
    forwarding, https = rule["actions"]["forwarding_url"], rule["actions"]["always_use_https"]
    zone = text_of(rule["zone_id"])
    if not forwarding.is_null:
        where = text_of(forwarding["url"], strict=True)
        yield Redirect(forwarding["url"], rule, _page(pattern, where), zone, domains, mentioned)
    elif https == True:  # noqa: E712
        yield Redirect(https, rule, _page(pattern, None), zone, domains, mentioned)


def _page(pattern: str, target: str | None) -> Callable[[WebRequest], str | None]:
    def send(request: WebRequest) -> str | None:
        whole = pattern if "://" in pattern else f"*://{pattern}"
        parts = wildcard_match(whole, request.url)
        if parts is None:
            return None
        if target is None:
            return to_https(request)
        where = target
        for number, part in enumerate(parts if "://" in pattern else parts[1:], 1):
            where = where.replace(f"${number}", part)
        return where

    return send
