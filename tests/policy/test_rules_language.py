"""Cloudflare's rules language, as far as redirects use it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iacpolicy.policy.library.rules_language import Result, SyntaxProblem, evaluate
from iacpolicy.policy.library.web_request import WebRequest, request_of, wildcard_match

REQUEST = WebRequest("http", "www.shop.example", "/a/b", "q=1")

EXPRESSIONS: list[tuple[str, Result]] = [
    ('(http.host eq "www.shop.example")', True),
    ('http.host == "shop.example"', False),
    ('http.host ne "shop.example" and not ssl', True),
    ("not not ssl", False),
    ("!ssl && true", True),
    ('http.host in {"a.example" "www.shop.example"}', True),
    ('http.host in {"a.example", "b.example"}', False),
    ('http.host wildcard "*.SHOP.example"', True),
    ('http.host strict wildcard "shop*"', False),
    ('http.host matches r"^www[.]"', True),
    ('http.host ~ "("', None),
    ('http.request.uri.path contains "/b"', True),
    ('starts_with(http.request.uri.path, "/a") or ssl', True),
    ('ends_with(http.host, ".example") xor ssl', True),
    ('ip.src.country eq "DE"', None),
    ('ip.src.country eq "DE" or not ssl', True),
    ('ip.src.country eq "DE" and ssl', False),
    ("ip.src in {192.0.2.0/24 198.51.100.7}", None),
    ("ip.src in $office", None),
    ('any(http.request.headers["x"][*] == "y")', None),
    ('concat("https://", http.host, http.request.uri.path)', "https://www.shop.example/a/b"),
    ('wildcard_replace(http.request.full_uri, "http://*/*", "https://${1}/${2}")', "https://www.shop.example/a/b?q=1"),
    ('wildcard_replace(http.host, "x.*", "y")', "www.shop.example"),
    ('regex_replace(http.host, "^www[.](.*)$", "new.${1}")', "new.shop.example"),
    ("substring(http.host, 4)", "shop.example"),
    ("substring(http.host, 4, 8)", "shop"),
    ("lower(upper(http.host))", "www.shop.example"),
    ("len(http.request.uri.query)", 3),
    ("to_string(http.request.uri)", "/a/b?q=1"),
    ('"a\\"b"', 'a"b'),
]


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS, ids=[e for e, _ in EXPRESSIONS])
def test_evaluate(expression: str, expected: Result) -> None:
    """An expression has this value for the request, None if the request does not determine it."""
    assert evaluate(expression, REQUEST) == expected


@pytest.mark.parametrize(
    "expression", ["", "(ssl", "ssl)", "ssl ssl", "http.host eq", '"open', "http.host in {", "concat(", "(" * 5000, "§"]
)
def test_refused(expression: str) -> None:
    """An invalid expression raises SyntaxProblem at any depth."""
    with pytest.raises(SyntaxProblem):
        evaluate(expression, REQUEST)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet='()!&|"{}$*,.ab 1=~[]\\r#', max_size=60))
def test_anything(expression: str) -> None:
    """Every text gives a value or raises SyntaxProblem."""
    try:
        evaluate(expression, REQUEST)
    except SyntaxProblem:
        return


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Shop.example", WebRequest("https", "shop.example")),
        ("http://shop.example:80/a?b#c", WebRequest("http", "shop.example", "/a", "b")),
        ("https://shop.example:80/", WebRequest("https", "shop.example:80")),
        ("ftp://shop.example/", None),
        ("/path", None),
        ("https:///path", None),
    ],
)
def test_request_of(url: str, expected: WebRequest | None) -> None:
    """A URL gives the request that a browser makes for it."""
    assert request_of(url) == expected


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(alphabet="ab/.", max_size=4), min_size=1, max_size=4))
def test_wildcards(parts: list[str]) -> None:
    """The matched texts inserted into the pattern give the text again."""
    text = "-".join(parts)
    found = wildcard_match("-".join("*" for _ in parts), text)
    assert found is not None
    assert "-".join(found) == text
