"""The redaction hides secrets by text in every encoding and by place, and shows at most two characters."""

import json
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.core.redaction import Redactor, mask
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span

SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=8, max_size=40)


@given(SECRETS, st.text(max_size=20), st.text(max_size=20))
def test_every_encoding_is_hidden(secret: str, before: str, after: str) -> None:
    """The text is hidden, also in JSON, URL encoding and base64 at any offset."""
    redactor = Redactor([secret])
    for spelling in (secret, json.dumps(secret, ensure_ascii=False)[1:-1], quote(secret, safe="")):
        if secret.isalpha():
            continue  # a mere word is hidden as a whole word only
        shown = redactor.text(f"{before}{spelling}{after}")
        assert spelling not in shown or spelling in before + after or spelling in f"{before}{mask(spelling)}{after}"
    for padding in ("", "x", "xx"):
        whole = b64encode(f"{padding}{secret}{padding}".encode()).decode()
        middle = b64encode(secret.encode()).decode()[4:-4]
        assert not middle or middle not in redactor.text(whole) or padding


@pytest.mark.parametrize("padding", range(9))
def test_base64_of_a_longer_text_is_hidden(padding: int) -> None:
    """In base64, the characters that depend only on the secret are hidden at each of the three offsets."""
    secret = "Zirbel-Kiefer-4711"
    whole = b64encode(b"#!/bin/sh\n"[:padding] + secret.encode() + b"\nexit\n").decode()
    shown = Redactor([secret]).text(whole)
    assert "…" in shown
    assert len(shown) <= len(whole) - len(secret) * 8 // 6 + 5


@pytest.mark.parametrize("made", [str.upper, str.lower, lambda text: text[::-1]])
def test_changed_case_and_reversal_are_hidden(made: Callable[[str], str]) -> None:
    """The results of upper, lower and strrev are hidden like the secret."""
    assert Redactor(["Zk8vQw3xPl0mNt"]).text(f"x{made('Zk8vQw3xPl0mNt')}y") == f"x{made('Zk8vQw3xPl0mNt')[:2]}…y"
    assert Redactor(["Postgres-Role"]).text("the role of postgres") == "the role of postgres"


def test_two_characters_at_most() -> None:
    """A secret of five characters or more shows two; a shorter one shows none and is hidden only in quotes."""
    redactor = Redactor(["Hasel9", "x7y"])
    assert redactor.text('a Hasel9 b "x7y" c x7y') == 'a Ha… b "…" c x7y'
    assert redactor.value("x7y") == "…"


def test_a_common_word_is_hidden_only_as_a_whole() -> None:
    """A password that is a common word is not hidden inside names."""
    redactor = Redactor(["postgres"])
    assert (
        redactor.text("password = postgres in postgresql_role.postgres_1")
        == "password = po… in postgresql_role.postgres_1"
    )


def test_lines_are_kept_and_only_the_first_shows_characters() -> None:
    """A secret of several lines shows two characters of the first line."""
    source = SourceFile("a.tf", "one\nkey AAAA1\n  BBBB2\n  CCCC3 end\nlast\n")
    shown = Redactor([], [Span("a.tf", 2, 5, 4, 8)]).source(source)
    assert shown.text == "one\nkey AA…\n…\n… end\nlast\n"


def test_overlapping_places() -> None:
    """Nested places hide the outer range."""
    source = SourceFile("a.tf", 'x = "abcdefghij"\n')
    places = [Span("a.tf", 1, 6, 1, 16), Span("a.tf", 1, 8, 1, 10), Span("a.tf", 1, 12, 1, 16)]
    assert Redactor([], places).source(source).text == 'x = "ab…"\n'


def test_many_secrets_take_no_longer() -> None:
    """Redaction time does not grow with the product of secrets and text."""
    redactor = Redactor(f"secret-{i}-{i * 7919}" for i in range(5_000))
    text = "there is no secret in this line\n" * 5_000 + "secret-77-609763"
    assert redactor.text(text).endswith("se…")


@pytest.mark.timeout(60)
def test_many_secrets_that_begin_alike_take_no_longer() -> None:
    """Thousands of secrets with the same prefix are found by their lengths, not one after the other."""
    secrets = [f"hunter2-{number:05}-xyzzy" for number in range(3_000)]
    redactor = Redactor(secrets)
    text = " ".join(f"hunter2-{number:05}-other" for number in range(3_000))
    redactor.text("")
    assert redactor.text(f"{text} {secrets[-1]}") == f"{text} {mask(secrets[-1])}"
