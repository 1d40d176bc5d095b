"""Redirects that send a browser in a circle."""

from collections.abc import Callable, Iterator

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.hosts import normalized, source_types_of, text_of
from iacpolicy.policy.library.redirects import Redirect, Redirects, redirects_of, setting_redirect
from iacpolicy.policy.library.web_request import WebRequest
from iacpolicy.policy.library.zones import content_of, is_proxied, records_of, settings_of

# The remediation by cause.
FINAL = "Point the redirect at the final name, and exclude that name from its own condition."
STRICT = 'Set `ssl` to "strict".'

META = Meta(
    id="redirect-loop",
    title="Redirects form a loop",
    severity=Severity.HIGH,
    on=("root",),
    why=(
        "Each redirect looks right by itself, such as www to the apex domain and the apex domain to www. Together "
        "they make the site unreachable, while every health check of its servers passes."
    ),
    fix=(
        f"{FINAL} Keep all redirects of a zone in one ruleset. Where the server redirects to HTTPS itself, set `ssl` "
        'to "strict".'
    ),
    references=(
        "https://developers.cloudflare.com/ssl/troubleshooting/too-many-redirects/",
        "https://developers.cloudflare.com/rules/url-forwarding/",
    ),
)


def check(root: Resource, graph: Graph) -> Iterator[Violation]:
    """Yield one violation for each loop, at its last redirect in the source."""
    yield from _unencrypted_origins(graph)
    redirects = redirects_of(graph)
    _add_plain_zones(redirects, graph)
    for listener in graph.of("aws_lb_listener", "aws_alb_listener"):
        redirects.pages.extend(_of_listener(listener))
    for site in graph.of("render_static_site"):
        redirects.pages.extend(_of_site(site))
    reported: set[frozenset[int]] = set()
    for start in redirects.starts():
        loop = redirects.loop(start)
        key = frozenset(id(r) for r in loop)
        if loop and key not in reported:
            reported.add(key)
            yield _violation(loop)


def _violation(loop: list[Redirect]) -> Violation:
    ordered = sorted(dict.fromkeys(loop), key=lambda r: (r.at.at.path, r.at.at.line, r.at.at.column, r.owner.address))
    last, others = ordered[-1], ordered[:-1]
    if not others:  # equivalent: the place is the same, only the wording differs
        return Violation("the redirect leads back to its own source", at=last.at, fix=FINAL)
    names = " and ".join(dict.fromkeys(o.owner.address for o in others))
    places = tuple((f"redirect of {o.owner.address}", o.at.at) for o in others)
    return Violation(f"the redirect forms a loop with {names}", at=last.at, cause=names, also=places, fix=FINAL)


def _unencrypted_origins(graph: Graph) -> Iterator[Violation]:
    """Report `ssl` off or flexible in front of Render: Cloudflare asks over HTTP, and Render redirects to HTTPS."""
    for zone in graph.of("cloudflare_zone"):
        for value in settings_of(zone, graph, "ssl"):
            if value.is_one_of(("flexible", "off")):
                targets = [content_of(r) for r in records_of(zone, graph) if is_proxied(r)]
                also = tuple(("record that points at Render", target.at) for target in targets if _is_at_render(target))
                if also:
                    yield Violation(
                        "ssl makes Cloudflare ask Render over HTTP, and Render redirects every HTTP request to HTTPS",
                        at=value,
                        also=also,
                        fix=STRICT,
                    )


def _is_at_render(content: Attribute) -> bool:
    if source_types_of(content) & {"render_web_service", "render_static_site"}:
        return True
    return normalized(text_of(content)).endswith(".onrender.com")


def _add_plain_zones(redirects: Redirects, graph: Graph) -> None:
    """Add the redirects of zones with `ssl` off, where Cloudflare redirects HTTPS to HTTP."""
    for zone in graph.of("cloudflare_zone"):
        for value in settings_of(zone, graph, "ssl"):
            if value == "off":
                redirects.settings.append(setting_redirect(value, zone, _to_http))


def _to_http(request: WebRequest) -> str | None:
    return WebRequest("http", request.host, request.path, request.query).url if request.scheme == "https" else None


def _of_listener(listener: Resource) -> Iterator[Redirect]:
    """Yield the redirects of a listener: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html"""
    scheme, port = text_of(listener["protocol"]).lower(), text_of(listener["port"])
    balancer = text_of(listener["load_balancer_arn"])
    if scheme not in ("http", "https"):
        return
    host = balancer if port == {"http": "80", "https": "443"}[scheme] else f"{balancer}:{port}"
    for action in listener["default_action"]:
        if action["type"] == "redirect":
            redirect = action["redirect"]
            parts = {name: text_of(redirect[name]) for name in ("protocol", "port", "host")}
            yield Redirect(
                redirect,
                listener,
                _by_listener(scheme, host, balancer, port, parts),
                domains=(host,),
                zone=listener.address,
            )


def _by_listener(
    scheme: str, host: str, balancer: str, port: str, parts: dict[str, str]
) -> Callable[[WebRequest], str | None]:
    def send(request: WebRequest) -> str | None:
        if (request.scheme, request.host) != (scheme, host):
            return None
        protocol = (parts["protocol"] or "#{protocol}").replace("#{protocol}", scheme).lower()
        to_port = (parts["port"] or "#{port}").replace("#{port}", port)
        to_host = (parts["host"] or "#{host}").replace("#{host}", balancer)
        return f"{protocol}://{to_host}:{to_port}{request.path}"  # the listener redirects every path

    return send


def _of_site(site: Resource) -> Iterator[Redirect]:
    """Yield the redirects of a static site: https://render.com/docs/redirects-rewrites"""
    hosts = tuple(normalized(text_of(domain["name"])) for domain in site["custom_domains"]) or (site.address,)
    for route in site["routes"] if not site["routes"].is_null else ():
        if route["type"] == "redirect":
            source, destination = text_of(route["source"]), text_of(route["destination"])
            sample = source.replace("*", "sample")
            yield Redirect(
                route["destination"],
                site,
                _by_route(hosts, source, destination),
                domains=hosts,
                zone=site.address,
                mentioned=(sample,),
            )


def _by_route(hosts: tuple[str, ...], source: str, destination: str) -> Callable[[WebRequest], str | None]:
    prefix, is_open = (source[:-1], True) if source.endswith("*") else (source, False)

    def send(request: WebRequest) -> str | None:
        matches = request.path.startswith(prefix) if is_open else request.path == prefix
        if request.host not in hosts or not matches:
            return None
        where = destination.replace("*", request.path[len(prefix) :]) if is_open else destination
        return f"{request.scheme}://{request.host}{where}" if where.startswith("/") else where

    return send
