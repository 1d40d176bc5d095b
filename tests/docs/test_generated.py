"""The generator of the documentation, and that what is committed is what it writes."""

from pathlib import Path

import pytest
from scripts import docs_examples, docs_readme
from scripts.docs_cli import cli_page, helps
from scripts.docs_policies import GENERATED, policies_page, policy_page
from scripts.generate_docs import ROOT, generated, stale, surplus

from iacpolicy.policy.api import Meta, Option, Severity
from iacpolicy.policy.loading.load import load_catalogue, load_policy
from iacpolicy.policy.loading.policy import Policy

OWN = ROOT / docs_readme.POLICY


def own() -> Policy:
    """The policy that the README shows."""
    policy = load_policy(OWN)
    assert isinstance(policy, Policy)
    return policy


def test_what_is_committed_is_fresh() -> None:
    """A generated page that is out of date is reported."""
    pages = generated()
    assert [p.relative_to(ROOT).as_posix() for p in [*stale(pages), *surplus(ROOT, pages)]] == []


def test_a_changed_page_is_stale_and_a_left_one_surplus(tmp_path: Path) -> None:
    """Both a page that reads otherwise and the page of a policy that is gone are found."""
    kept, gone, hand_written = (tmp_path / "policies" / "d" / name / "README.md" for name in ("kept", "gone", "hand"))
    for path, text in ((kept, "old"), (gone, GENERATED), (hand_written, "# By hand")):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    pages = {kept: "new", tmp_path / "missing.md": "text"}
    assert stale(pages) == [tmp_path / "missing.md", kept]
    assert surplus(tmp_path, pages) == [gone]
    kept.write_text("new", encoding="utf-8")
    assert stale({kept: "new"}) == []


def test_every_policy_has_a_page_with_an_example_and_references() -> None:
    """The catalogue's pages show a finding, and lead to somebody else's words."""
    for policy in load_catalogue():
        page = policy_page(policy)
        for heading in ("## Why", "## Remediation", "## What it finds", "## What passes", "## References"):
            assert f"\n{heading}\n" in page, f"{policy.id} has no section {heading!r}"
        assert page.startswith(f"{GENERATED}# `{policy.id}`: {policy.meta.title}\n")


def test_a_page_says_what_meta_says() -> None:
    """The page has the options, the old ids and the parts that cannot be waived."""
    meta = Meta(
        id="service-region",
        title="T",
        severity=Severity.LOW,
        on=("a", "b"),
        why="Because.",
        fix="So.",
        options=(Option("regions", ["a|b"], "Which | are allowed."),),
        aliases=("region",),
        waivable=False,
    )
    page = policy_page(Policy(meta, own().check, OWN, {}))
    assert "**low** · looks at `a`, `b` · also called `region` · cannot be waived\n" in page
    assert '| `regions` | `["a\\|b"]` | Which \\| are allowed. |' in page
    assert "## References" not in page
    assert (
        "\n\nPersonal data of our customers is processed in the European Union, so the services run there too.\n\n"
        in page
    )


def test_the_index_has_every_policy_once() -> None:
    """No policy is missing from the table."""
    catalogue = load_catalogue()
    page = policies_page(catalogue)
    assert [page.count(f"[`{p.id}`](") for p in catalogue] == [1] * len(catalogue)


def test_the_page_of_the_command_line_has_every_command_and_option() -> None:
    """Groups are followed down; what a command prints as help is on the page."""
    page = cli_page()
    names = [name for name, _ in helps()]
    assert {"iacpolicy", "iacpolicy scan", "iacpolicy explain", "iacpolicy checkov install"} <= set(names)
    assert all(f"\n## `{name}`\n" in page for name in names)
    assert "--fail-on-undecided / --allow-undecided" in page
    assert "-h, --help" in page


def test_examples_show_the_parts_in_which_findings_fall() -> None:
    """Of the failing fixture only what is marked is shown, of the passing one what there is."""
    failing, passing = docs_examples.examples(OWN, "service-region")
    assert '"abroad"' in failing
    assert '"somewhere"' in failing
    assert 'variable "region"' not in failing
    assert '"at_home"' in passing
    assert next(docs_examples.examples(OWN, "another")).startswith("## What passes")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a {\n}\n\nb {\n}\n", ["a {\n}", "b {\n}"]),
        ("a {\n  x = 1\n\n  y = 2\n}\n", ["a {\n  x = 1\n\n  y = 2\n}"]),
        ("a {\n  x = [\n\n  ]\n\n}\n# about b\nb {}\n", ["a {\n  x = [\n\n  ]\n\n}\n# about b\nb {}"]),
        ("\n\n", []),
    ],
)
def test_a_file_is_split_into_blocks(text: str, parts: list[str]) -> None:
    """A blank line inside a block does not cut it."""
    assert docs_examples.split(text) == parts


@pytest.mark.parametrize(
    ("part", "marked"),
    [
        ("x = 1 # expect: a-b", True),
        ("x = 1 # expect-possible: c, a-b", True),
        ("-- expect-undecided: a-b", True),
        ("x = 1 # expect: a-b-c", False),
        ("x = 1 # a-b", False),
    ],
)
def test_marks_name_a_policy_whole(part: str, marked: bool) -> None:
    """An id that is the beginning of another is not it."""
    assert docs_examples.is_marked(part, "a-b") is marked


def test_a_block_of_the_readme_that_nothing_fills_is_an_error(tmp_path: Path) -> None:
    """A misspelt name would leave an old text standing."""
    (tmp_path / "README.md").write_text("<!-- begin: scam -->\nold\n<!-- end: scam -->\n", encoding="utf-8")
    with pytest.raises(KeyError, match="scam"):
        docs_readme.readme(tmp_path, [])


def test_the_readme_shows_what_a_scan_prints() -> None:
    """The run in the README is a run: it has the three kinds of finding that the text speaks of."""
    shown = docs_readme.run(ROOT)
    assert "[state-locking]" in shown
    assert "`var.api_instances` has no value in workspace `production`" in shown
    assert "docs/example/env/staging.tfvars:1" in shown
    assert shown in (ROOT / "README.md").read_text(encoding="utf-8")
