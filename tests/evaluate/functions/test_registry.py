"""Functions are found by name, and families are imported when one is called."""

import subprocess
import sys

import pytest

from iacpolicy.evaluate.functions import registry


@pytest.mark.parametrize("name", ["try", "can", "core::can"])
def test_functions_without_a_body(name: str) -> None:
    """`try` and `can` exist, and have no body that the frame could call."""
    assert registry.exists(name)
    assert registry.lookup(name) is None
    assert name not in registry.FUNCTIONS


def test_namespaces() -> None:
    """`core::name` is `name`; other namespaces are not of the language."""
    assert registry.lookup("core::upper") is registry.lookup("upper")
    assert registry.lookup("provider::aws::arn_parse") is None


def test_type_is_of_the_console_only() -> None:
    """`type` is no function of a configuration, and the message says where it is one."""
    assert registry.lookup("type") is None
    assert not registry.exists("type")
    assert registry.lookup("type", console=True) is not None
    assert registry.exists("type", console=True)
    assert "only in a console" in registry.suggest("type")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("lenght", "length"),
        ("core::joni", "join"),
        ("tyr", "try"),
        ("list", "tolist"),
        ("map", "tomap"),
    ],
)
def test_suggestions(name: str, hint: str) -> None:
    """A name that no function has is told with the one that was probably meant."""
    assert hint in registry.suggest(name)


def test_no_suggestion() -> None:
    """A name like no other gets no hint."""
    assert registry.suggest("qqqqqqq") == 'There is no function named "qqqqqqq".'


def test_heavy_modules_wait_for_a_call() -> None:
    """Looking functions up imports neither RE2 nor YAML, and only the family that is asked for."""
    code = (
        "import sys; from iacpolicy.evaluate.functions import registry; registry.lookup('upper');"
        "print([m for m in ('re2', 'yaml', 'ipaddress', 'csv') if m in sys.modules]);"
        "print(sum(m.startswith('iacpolicy.evaluate.functions.') for m in sys.modules))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    assert printed[0] == "[]"
    assert int(printed[1]) <= 6
