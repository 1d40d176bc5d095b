"""The classification of names, compared with names that people sorted."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.schemas.secret_names import is_secret_name

_TABLE = tomllib.loads(Path("fixtures/schemas/secret_names.toml").read_text())
_MISSES = frozenset(_TABLE["recorded"]["known_misses"].split())


def _names(kind: str) -> list[str]:
    return [name for section in _TABLE.values() for name in section[kind].split()]


@pytest.mark.parametrize("name", [n for n in _names("secret") if n not in _MISSES])
def test_a_secret_is_recognised(name: str) -> None:
    """A name sorted as secret is classified as secret."""
    assert is_secret_name(name)


@pytest.mark.parametrize("name", _names("harmless"))
def test_a_harmless_name_is_left_alone(name: str) -> None:
    """A name that only refers to a secret is no secret."""
    assert not is_secret_name(name)


@pytest.mark.parametrize("name", sorted(_MISSES))
def test_known_misses_are_still_misses(name: str) -> None:
    """A name listed as missed is still missed."""
    assert not is_secret_name(name)


@given(st.text(max_size=300))
def test_any_text_is_judged(name: str) -> None:
    """Any text is classified, and equal names have equal results."""
    assert is_secret_name(name) is is_secret_name(name)


@given(st.sampled_from(["ttl", "arn", "id", "path", "policy", "length", "name", "type"]))
def test_the_head_of_a_compound_decides(head: str) -> None:
    """A name that describes a secret is no secret."""
    assert is_secret_name("db_password")
    assert not is_secret_name(f"db_password_{head}")
