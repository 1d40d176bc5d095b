"""Requests of a browser, and patterns for URLs."""

import re

import msgspec

from iacpolicy.core.linear_regex import PatternError, linear_regex


class WebRequest(msgspec.Struct, frozen=True):
    """A request of a browser."""

    scheme: str
    host: str
    path: str = "/"
    query: str = ""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}" + (f"?{self.query}" if self.query else "")


def request_of(url: str) -> WebRequest | None:
    """Return the request for a URL, None if its scheme is neither http nor https."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return None
    rest = rest.partition("#")[0]
    location, _, query = rest.partition("?")
    host, slash, path = location.partition("/")
    host = host.rpartition("@")[2].lower()
    for port in (":443" if scheme.lower() == "https" else ":80",):
        host = host.removesuffix(port)
    return WebRequest(scheme.lower(), host, slash + path or "/", query) if host else None


def wildcard_match(pattern: str, text: str) -> list[str] | None:
    """Return the text that each `*` of a pattern matches, None if the pattern does not match."""
    regex = "(.*?)".join(re.escape(part) for part in pattern.split("*"))
    try:
        match = linear_regex(regex, ignores_case=True, dot_matches_newline=True).fullmatch(text)
    except PatternError:  # the pattern is too long
        return None
    return None if match is None else [group or "" for group in match.groups()]
