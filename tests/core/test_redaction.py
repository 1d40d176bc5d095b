"""Hiding secrets in text that leaves the tool."""

from base64 import b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.core.redaction import ELLIPSIS, LONG, SHORTEST, Redactor, mask
from iacpolicy.core.sources import SourceFile

SECRETS = st.text('abXY09-_/+"\\$ {', min_size=LONG, max_size=14).filter(
    lambda s: len(s.strip()) >= LONG and not s.isalpha() and s == s.strip()
)
AROUND = st.text("xyz :=\n", max_size=6)


@given(SECRETS, AROUND, AROUND)
def test_no_secret_is_left(secret: str, before: str, after: str) -> None:
    """No text that a redactor gives has the secret in it, and the text around it stays."""
    shown = Redactor([secret]).text(before + secret + after)
    assert secret not in shown
    assert shown == before + mask(secret) + after


@given(SECRETS)
def test_spellings(secret: str) -> None:
    """A secret is hidden in other spellings too: upper case, reversed, in a URL, in base64, in a longer base64."""
    redactor = Redactor([secret])
    encoded = b64encode(secret.encode()).decode().rstrip("=")
    for spelling in (secret.upper(), secret.lower(), secret[::-1], quote(secret, safe=""), encoded):
        assert spelling not in redactor.text(f"<{spelling}>")
    for phase in range(3):
        whole = b64encode(b"-" * phase + secret.encode() + b"----").decode()
        assert redactor.text(whole) != whole


@given(SECRETS, st.text("mnopq \n", max_size=30))
def test_other_text_stays(secret: str, text: str) -> None:
    """A text without a secret is returned as it is."""
    assert Redactor([secret]).text(text) == text
    assert Redactor().text(text + secret) == text + secret


@given(st.lists(SECRETS, max_size=3), st.text("abXY09 ", max_size=30))
def test_redaction_is_idempotent(secrets: list[str], text: str) -> None:
    """A redacted text has nothing more to hide."""
    redactor = Redactor(secrets)
    once = redactor.text(" ".join((text, *secrets)))
    assert redactor.text(once) == once


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        ("abc", 'x = "abc" or abcd', f'x = "{ELLIPSIS}" or abcd'),
        ("hunter", "hunter hunters", f"hu{ELLIPSIS} hunters"),
        ("pass-word", "passwords pass-words", f"passwords pa{ELLIPSIS}s"),
        ("   ", "a   b", "a   b"),
        ("", "a", "a"),
    ],
)
def test_short_secrets_and_words(secret: str, text: str, shown: str) -> None:
    """A short secret is hidden in quotes only, and a mere word only as a whole word."""
    assert Redactor([secret]).text(text) == shown


def test_mask() -> None:
    """A mask shows two characters at most, and none of a short secret."""
    assert mask("a" * SHORTEST) == f"aa{ELLIPSIS}"
    assert mask("a" * (SHORTEST - 1)) == ELLIPSIS


def test_value() -> None:
    """A whole value that is a short secret is hidden."""
    redactor = Redactor(["abc"])
    assert redactor.value("abc") == ELLIPSIS
    assert redactor.value("abcd") == "abcd"
    assert redactor.texts == {"abc"}


def test_source_keeps_its_lines() -> None:
    """A secret of several lines is hidden by its place, and every line keeps its number."""
    source = SourceFile("a.tf", "a = <<E\nfirst\nsecond\nE\nb = 1\n")
    start, end = source.text.index("first"), source.text.index("\nE\n")
    redactor = Redactor([], [source.span(start, end), source.span(start, start + 2)])
    shown = redactor.source(source)
    assert shown.text == f"a = <<E\nfi{ELLIPSIS}\n{ELLIPSIS}\nE\nb = 1\n"
    assert redactor.rewritten(source, lambda text: text.upper()).text == source.text.replace(
        "first\nsecond", "FIRST\nSECOND"
    )
