"""Functions are found by name, and families are imported when one is called."""

import subprocess
import sys
from importlib import import_module

import pytest

from iacpolicy.evaluate.functions import registry


def test_table_is_what_the_families_hold() -> None:
    """The table of names, which spares the imports, names each function of each family and nothing else."""
    for family, names in registry.FAMILIES.items():
        module = import_module(f"iacpolicy.evaluate.functions.{family}")
        assert sorted(names.split()) == sorted(function.name for function in module.FUNCTIONS)


def test_namespaces() -> None:
    """`core::name` is `name`; other namespaces are not of the language."""
    assert registry.lookup("core::upper") is registry.lookup("upper")
    assert registry.lookup("provider::aws::arn_parse") is None


def test_type_is_of_the_console_only() -> None:
    """`type` is no function of a configuration, and the message says where it is one."""
    assert registry.lookup("type") is None
    assert registry.lookup("type", console=True) is not None
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
