"""The changes that mutants of a policy make, and that each mutant has exactly one of them."""

import pytest

from iacpolicy.policy.testing.mutants import MAX_MUTANTS, mutants_of

CASES = {
    "bounds": ("return 1 <= x < y", ["`<` for `<=`", "`>` for `<=`", "`<=` for `<`", "`>=` for `<`", "`0`", "`2`"]),
    "equality": ("return x == 'a'", ["`!=` for `==`"]),
    "membership": ("return x not in y", ["`in` for `not in`"]),
    "connectives": ("return (x and y) or (x & y)", ["`or` for `and`", "`and` for `or`", "`|` for `&`"]),
    "not": ("return not x", ["without `not`"]),
    "quantifiers": ("return any(x) and min(y)", ["`or` for `and`", "`all` for `any`", "`max` for `min`"]),
    "booleans": ("return x.set(True)", ["`False` for `True`"]),
    "plain conditions": ("return [i for i in x if i.ok] if y else 0", ["the opposite condition"] * 2),
    "flow": ("for i in x:\n        if i > y:\n            continue", ["`>=`", "`<=`", "without this `continue`"]),
    "bare return": ("if x > y:\n        return", ["`>=` for `>`", "`<=` for `>`", "without this `return`"]),
    "message": ("yield Violation(str(1 < 2), at=x)", ["without this `yield`"]),
    "remediation": ("yield Violation(x, at=x, fix='a' if x > 1 else 'b')", ["without this `yield`"]),
    "texts": ('"""A docstring, 1 < 2."""\n    z: int = f"{x == y}"', []),
    "numbers elsewhere": ("return x[1] + f(2)", []),
}


@pytest.mark.parametrize(("body", "told"), CASES.values(), ids=CASES)
def test_changes(body: str, told: list[str]) -> None:
    """Each kind of change is made where it applies, and none is made in texts."""
    found = [m.what for m in mutants_of(f"def check(x, y=(1 < 2)):\n    {body}\n", "own.py")]
    assert len(found) == len(told)
    assert all(any(what.startswith(start) for what in found) for start in told)


def test_constants_but_not_meta() -> None:
    """Numbers of module constants are changed; META is documentation and is not."""
    text = "MOST = 3\nNAME = 'a'\nMETA = Meta(options=(Option('a', 5, 'b'),))\nMETA: Meta = Meta(1 < 2)\n"
    assert [(m.line, m.what) for m in mutants_of(text, "own.py")] == [(1, "`2` for `3`"), (1, "`4` for `3`")]


def test_a_mutant_has_one_change() -> None:
    """Every mutant gives another answer for some value, and the next mutant does not have its change."""
    text = "def check(x):\n    return x > 3 and not x == 7\n"
    answers = []
    for mutant in mutants_of(text, "own.py"):
        space: dict[str, object] = {}
        exec(mutant.code, space)
        answers.append((mutant.what, [x for x in range(10) if space["check"](x)]))  # type: ignore[operator]
    told = dict(answers)
    assert told["`>=` for `>`"] == [3, 4, 5, 6, 8, 9]
    assert told["`<=` for `>`"] == [0, 1, 2, 3]
    assert told["`2` for `3`"] == [3, 4, 5, 6, 8, 9]
    assert told["`4` for `3`"] == [5, 6, 8, 9]
    assert told["without `not`"] == [7]
    assert told["`or` for `and`"] == list(range(10))
    assert told["`6` for `7`"] == [4, 5, 7, 8, 9]


def test_limit() -> None:
    """The number of mutants of a long policy is limited."""
    text = "def check(x):\n" + "    x < 1\n" * MAX_MUTANTS
    assert sum(1 for _ in mutants_of(text, "own.py")) == MAX_MUTANTS
