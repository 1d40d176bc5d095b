"""Expectations are read by the syntax of their files and compared by place."""

import pytest

from iacpolicy.core.tree import MemoryTree
from iacpolicy.policy.testing.expectations import Expectation, ExpectationError, differences, read_expectations


def test_marks_in_hcl() -> None:
    """Comments of every kind are marks; texts in strings and heredocs are not."""
    text = (
        "a = 1 # expect: one, two\n"
        "b = 2 // expect-possible: three\n"
        "c = 3 /* expect-undecided: four */\n"
        'd = "# expect: no"\n'
        "e = <<A\n# expect: no\nA\n"
        "# expected: no, and what is expected: nothing\n"
        "f = 6 # expect: one # expect-possible: two\n"
    )
    assert read_expectations(MemoryTree({"x/main.tf": text})) == [
        Expectation("x/main.tf", 1, "one"),
        Expectation("x/main.tf", 1, "two"),
        Expectation("x/main.tf", 2, "three", "possible"),
        Expectation("x/main.tf", 3, "four", "undecided"),
        Expectation("x/main.tf", 9, "one"),
        Expectation("x/main.tf", 9, "two", "possible"),
    ]


def test_marks_in_sql_and_var_files() -> None:
    """`--` and block comments in SQL, `#` in files of variables."""
    files = {
        "1.sql": "create table t (); -- expect: rls\nselect '-- expect: no'; /* expect-undecided: rls */\n",
        "p.tfvars": "a = 1 # expect: one\n",
    }
    assert read_expectations(MemoryTree(files)) == [
        Expectation("1.sql", 1, "rls"),
        Expectation("1.sql", 2, "rls", "undecided"),
        Expectation("p.tfvars", 1, "one"),
    ]


def test_file_beside_json() -> None:
    """`expect.toml` names files in its directory; the default kind is `certain`."""
    toml = '[[expect]]\nfile = "a.tf.json"\nline = 3\nid = "one"\n'
    files = {"d/a.tf.json": "{}", "d/expect.toml": toml + toml.replace("3", '4\nkind = "possible"')}
    assert read_expectations(MemoryTree(files)) == [
        Expectation("d/a.tf.json", 3, "one"),
        Expectation("d/a.tf.json", 4, "one", "possible"),
    ]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[[expect]\n", "TOML"),
        ('[[expect]]\nline = 1\nid = "x"\n', "file"),
        ('[[expect]]\nfile = "nope.json"\nline = 1\nid = "x"\n', "no file"),
        ('[[expect]]\nfile = "expect.toml"\nline = 1\nid = "x"\nkind = "perhaps"\n', "perhaps"),
        ('expect = "x"\n', "expect.toml"),
    ],
)
def test_invalid_files(toml: str, words: str) -> None:
    """An invalid `expect.toml` is an error and not a pass."""
    with pytest.raises(ExpectationError, match=words):
        read_expectations(MemoryTree({"expect.toml": toml}))


def test_differences_count() -> None:
    """Two findings on one line need two marks; missing and surplus results are in the order of their places."""
    one, two = Expectation("a.tf", 2, "one"), Expectation("a.tf", 1, "two", "possible")
    assert differences([one, one], [one, one]) == []
    assert differences([one, one], [one, two]) == ["surplus: a.tf:1: two (possible)", "missing: a.tf:2: one (certain)"]
