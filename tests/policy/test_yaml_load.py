"""All mistakes of a YAML policy are reported, each with its line and a suggestion."""

from pathlib import Path

import pytest
from tests.support.scans import scan_files, write_files

from iacpolicy.core.sources import SourceFile
from iacpolicy.policy.loading.load import load_policy
from iacpolicy.policy.loading.policy import Broken, Policy
from iacpolicy.policy.meta import Severity
from iacpolicy.policy.yaml.conditions import parse_path
from iacpolicy.policy.yaml.load import KEYS, compiled
from iacpolicy.policy.yaml.rule_set import shown

GOOD = """title: A test
severity: high
on: [render_web_service]
why: It tests.
fix: Pass it.
options:
  most: {default: 3, description: The most.}
  names: {default: [a], description: The names.}
require:
  - attribute: autoscaling.max
    at_most: {option: most}
"""
RULE = "  - attribute: autoscaling.max\n    at_most: {option: most}\n"


def _told(text: str) -> str:
    found = compiled(SourceFile("own/policy.yaml", text), "own")
    return found if isinstance(found, str) else ""


def test_documentation() -> None:
    """A YAML policy has the same documentation as a META in Python."""
    loaded = compiled(SourceFile("own/policy.yaml", GOOD + "waivable: false\naliases: [old]\nid: own\n"), "own")
    assert not isinstance(loaded, str)
    meta = loaded[0]
    assert (meta.id, meta.title, meta.severity, meta.on) == ("own", "A test", Severity.HIGH, ("render_web_service",))
    assert (meta.waivable, meta.aliases) == (False, ("old",))
    assert [(o.name, o.default) for o in meta.options] == [("most", 3), ("names", ["a"])]


MISTAKES = {
    "unknown key": (
        GOOD.replace("require:", "requires:"),
        [
            "own/policy.yaml:9: a policy has no key `requires` (did you mean `require`?)",
            "needs `require:` or `forbid:`",
        ],
    ),
    "missing key": (GOOD.replace("fix: Pass it.\n", ""), ["own/policy.yaml:1: a policy needs `fix:`"]),
    "severity": (
        GOOD.replace("high", "hihg"),
        ['own/policy.yaml:2: there is no severity "hihg" (did you mean `high`?); there are low, medium, high'],
    ),
    "another id": (GOOD + "id: another\n", ['own/policy.yaml:12: `id` is "another", but the folder is "own"']),
    "a key twice": (GOOD + "title: Again\n", ["own/policy.yaml:12: a policy has the key `title` twice"]),
    "a type": (
        GOOD.replace("render_web_service", "render_web_servcie"),
        ["own/policy.yaml:3: there is no type `render_web_servcie` (did you mean `render_web_service`?)"],
    ),
    "a kind": (
        GOOD.replace("render_web_service", "varable"),
        ["own/policy.yaml:3: `varable` is neither a resource type nor a kind of block (did you mean `variable`?)"],
    ),
    "a kind without attributes": (
        GOOD.replace("render_web_service", "sql.table"),
        [":3: `sql.table` has no attributes"],
    ),
    "an attribute": (
        GOOD.replace("attribute: autoscaling", "attribute: autoscalling"),
        ["own/policy.yaml:10: `render_web_service` has no such attribute (did you mean `autoscaling`?)"],
    ),
    "a nested attribute": (GOOD.replace(".max", ".maxx"), [":10: ", "(did you mean `max`?)"]),
    "an operator": (
        GOOD.replace("at_most", "at_msot"),
        ["own/policy.yaml:11: an item of `require` has no key `at_msot` (did you mean `at_most`?)"],
    ),
    "no operator": (GOOD.replace("    at_most: {option: most}\n", ""), [":10: the attribute has no operator"]),
    "no subject": (
        GOOD.replace("attribute:", "atribute:"),
        [":10: an item of `require` needs one of", "(did you mean `attribute`?)"],
    ),
    "two subjects": (GOOD + "    any: disk\n", [":10: an item of `require` has `attribute` and `any`"]),
    "an option": (
        GOOD.replace("option: most", "option: moost"),
        ['own/policy.yaml:11: there is no option "moost" (did you mean `most`?)'],
    ),
    "an option of another type": (
        GOOD.replace("option: most", "option: names"),
        [':11: `at_most` takes a number, and the option "names" is not'],
    ),
    "an operand": (GOOD.replace("{option: most}", "many"), [":11: `at_most` takes a number"]),
    "null": (GOOD.replace("at_most: {option: most}", "equals: null"), [":11: `equals` takes a value; test for null"]),
    "a list for one": (GOOD.replace("at_most: {option: most}", "equals: [1]"), ["use `in` with a list"]),
    "one for a list": (GOOD.replace("at_most: {option: most}", "in: 1"), [":11: `in` takes a list of values"]),
    "a flag": (GOOD.replace("at_most: {option: most}", "exists: yes"), [":11: `exists` takes true or false"]),
    "a pattern": (
        GOOD.replace("at_most: {option: most}", "matches: '(a'"),
        [":11: `matches` takes a regular expression"],
    ),
    "a look-ahead": (GOOD.replace("at_most: {option: most}", "matches: '(?=a)'"), ["a regular expression of RE2"]),
    "a path": (GOOD.replace("autoscaling.max", "autoscaling..max"), [":10: write a path as"]),
    "a quantifier without conditions": (GOOD.replace(RULE, "  - any: disk\n"), [":10: `any` needs `where:`"]),
    "rules that are no list": (GOOD.replace(RULE, "  attribute: x\n"), [":10: `require` must be a list"]),
    "a rule that is no mapping": (
        GOOD.replace(RULE, "  - autoscaling\n"),
        [":10: an item of `require` must be a mapping"],
    ),
    "an option without a default": (GOOD.replace("default: 3, ", ""), [":7: the option `most` needs `default:`"]),
    "no mapping": ("- a\n", ["own/policy.yaml:1: a policy must be a mapping of keys and values, but is a list"]),
    "nothing": ("", ["own/policy.yaml:1: the file has 0 YAML documents; a policy is one document"]),
    "two documents": (GOOD + "---\n" + GOOD, ["the file has 2 YAML documents"]),
    "no YAML": ("title: [\n", ["own/policy.yaml:2: "]),
    "too deep": (
        GOOD.replace(RULE, "  - " + "{not: " * 12 + "{attribute: name, equals: a}" + "}" * 12 + "\n"),
        [":10: conditions nest more than 8 levels deep; write this policy in Python"],
    ),
}


@pytest.mark.parametrize(("text", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(text: str, words: list[str]) -> None:
    """A message has the line, the mistake and a suggestion."""
    told = _told(text)
    for word in words:
        assert word in told


def test_valid_policy() -> None:
    """The policy that the cases change is valid."""
    assert _told(GOOD) == ""
    assert set(KEYS) >= {"require", "forbid", "where"}


def test_all_mistakes_are_reported() -> None:
    """All mistakes are reported, one per line, in the order of the file."""
    told = _told(GOOD.replace("high", "hihg").replace("require", "requier").replace("fix", "fixx"))
    assert [line.split(":")[1] for line in told.splitlines()] == ["1", "1", "2", "5", "9"]


def test_unknown_attributes_are_accepted() -> None:
    """Unknown attributes that are not similar to a known one are accepted, as are types without a schema."""
    assert _told(GOOD.replace("autoscaling.max", "brand_new.thing")) == ""
    assert _told(GOOD.replace("render_web_service", "acme_anvil")) == ""


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b-c[0].d", ("a", "b-c", 0, "d")),
        ('a["x y"].b', ("a", "x y", "b")),
        ("a[*].b", ("a", "*", "b")),
    ],
)
def test_paths(text: str, path: tuple[str | int, ...]) -> None:
    """A path is parsed, and shown as it is written."""
    assert parse_path(text) == path
    assert shown(path) == text


@pytest.mark.parametrize("text", ["", ".a", "a.", "a..b", "a[", "a[b]", "[0]", "a b", "a[-1]", "ab" + ".c" * 30])
def test_what_is_no_path(text: str) -> None:
    """A text that is not a path gives None."""
    assert parse_path(text) is None


def test_a_broken_one_lets_the_others_run(tmp_path: Path) -> None:
    """The scan tells where it is broken, runs the other, and is incomplete."""
    good = GOOD.replace("autoscaling.max", "input").replace("render_web_service", "terraform_data")
    files = {"own/policy.yaml": good, "other/policy.yaml": good.replace("high", "hihg")}
    write_files(tmp_path / "policies", files)
    main = 'resource "terraform_data" "a" {\n  input = 5\n}\n'
    report = scan_files(
        tmp_path / "repo", {"main.tf": main}, policy_dirs=(tmp_path / "policies",), wanted=("own", "other")
    ).report
    assert [f.policy for f in report.findings] == ["own"]
    (problem,) = report.diagnostics
    assert problem.summary == "Policy other cannot be loaded"
    assert problem.detail.startswith('other/policy.yaml:2: there is no severity "hihg"')


def test_options_come_from_the_settings(tmp_path: Path) -> None:
    """An operand that names an option is what the settings say."""
    good = GOOD.replace("autoscaling.max", "input").replace("render_web_service", "terraform_data")
    write_files(tmp_path / "policies", {"own/policy.yaml": good})
    files = {"main.tf": 'resource "terraform_data" "a" {\n  input = 5\n}\n'}
    for most, count in ((4, 1), (5, 0)):
        settings = {"iacpolicy.toml": f"[policies.own]\nmost = {most}\n"}
        scanned = scan_files(
            tmp_path / f"{most}", {**files, **settings}, policy_dirs=(tmp_path / "policies",), wanted=("own",)
        )
        assert len(scanned.report.findings) == count


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1]\n" + "b: &b [*a, *a]\n" * 40,
        "[" * 100_000,
        "x: " + "y" * 2_000_000,
        "\x00",
        "%YAML 9.9\n---\n!!python/x {}",
    ],
)
def test_hostile_text(tmp_path: Path, text: str) -> None:
    """Whatever the file holds, the policy is broken and says why; nothing else happens."""
    write_files(tmp_path, {"own/policy.yaml": text})
    assert isinstance(load_policy(tmp_path / "own"), Broken)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """The mistake of a file that is not UTF-8 has its line."""
    write_files(tmp_path, {"own/policy.yaml": GOOD})
    assert isinstance(load_policy(tmp_path / "own"), Policy)
    (tmp_path / "own/policy.yaml").write_bytes(b"title: a\n\xff\n")
    loaded = load_policy(tmp_path / "own")
    assert isinstance(loaded, Broken)
    assert loaded.reason.startswith("own/policy.yaml:2: Byte 0xff")
