"""Functions are found by name, and a family is imported at the first call of one of its functions."""

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
    """`core::name` is `name`; other namespaces belong to providers."""
    assert registry.lookup("core::upper") is registry.lookup("upper")
    assert registry.lookup("provider::aws::arn_parse") is None


def test_type_is_of_the_console_only() -> None:
    """`type` does not exist in a configuration, and the message names the console."""
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
    """The message about an unknown function names a similar one."""
    assert hint in registry.suggest(name)


def test_no_suggestion() -> None:
    """The message about an unknown function without a similar one has no suggestion."""
    assert registry.suggest("qqqqqqq") == 'There is no function named "qqqqqqq".'


def test_heavy_modules_wait_for_a_call() -> None:
    """A lookup imports only the family of the function, and neither RE2 nor YAML."""
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
