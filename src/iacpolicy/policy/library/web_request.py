"""What a browser asks for, and patterns over it."""

from dataclasses import dataclass

import re2


@dataclass(frozen=True, slots=True)
class WebRequest:
    """What a browser asks for."""

    scheme: str
    host: str
    path: str = "/"
    query: str = ""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}" + (f"?{self.query}" if self.query else "")


def request_of(url: str) -> WebRequest | None:
    """The request for a URL, None where it is none of http or https."""
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
    """What each `*` of a pattern stands for in a text, None where it does not match."""
    regex = "(.*?)".join(re2.escape(part) for part in pattern.split("*"))
    match = re2.fullmatch(f"(?is){regex}", text)
    return None if match is None else [group or "" for group in match.groups()]
