"""The workflows of the repository follow the rules of secure workflows."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"^[\w-]+/[\w./-]+@[0-9a-f]{40}$")
USES_LINE = re.compile(r"^\s*(?:- )?uses: (?P<action>\S+)(?P<comment> # v\d+\.\d+\.\d+)?$", re.MULTILINE)
each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)


def load(path: Path) -> dict[Any, Any]:
    """Return a workflow; YAML reads its key `on` as true."""
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def steps(workflow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    """Yield every step of every job."""
    for job in workflow["jobs"].values():
        yield from job["steps"]


def test_there_are_workflows_for_changes_and_for_scans() -> None:
    """A pull request is checked and scanned."""
    assert {"ci.yml", "scan.yml"} <= {path.name for path in WORKFLOWS}
    for path in WORKFLOWS:
        assert "pull_request" in load(path)[True]


@each_workflow
def test_actions_are_pinned_by_commit(path: Path) -> None:
    """Actions are pinned to a commit, with the version in a comment, because a tag can be moved."""
    used = [step["uses"] for step in steps(load(path)) if "uses" in step]
    written = {match["action"]: match["comment"] for match in USES_LINE.finditer(path.read_text(encoding="utf-8"))}
    assert used
    assert not [action for action in used if not PINNED.match(action)]
    assert not [action for action in used if not written.get(action)]


def test_one_action_has_one_pin() -> None:
    """Each action has the same commit in all workflows, including the README's example."""
    pins: dict[str, set[str]] = {}
    for path in [*WORKFLOWS, ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for match in USES_LINE.finditer(path.read_text(encoding="utf-8")):
            name, _, commit = match["action"].partition("@")
            pins.setdefault(name, set()).add(f"{commit}{match['comment']}")
    assert "github/codeql-action/upload-sarif" in pins
    assert {name: found for name, found in pins.items() if len(found) > 1} == {}


@each_workflow
def test_permissions_are_least(path: Path) -> None:
    """Workflows have read permissions; a job may write security events only."""
    workflow = load(path)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        granted = job.get("permissions", {})
        writes = {scope for scope, level in granted.items() if level == "write"}
        assert writes <= {"security-events"}
    assert "pull_request_target" not in workflow[True]


@each_workflow
def test_jobs_end_and_keep_no_credentials(path: Path) -> None:
    """Each job has a timeout, and the checkout does not persist credentials."""
    workflow = load(path)
    assert all(job["timeout-minutes"] <= 30 for job in workflow["jobs"].values())
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@each_workflow
def test_no_text_of_a_pull_request_is_run(path: Path) -> None:
    """No script contains an expression such as a title or a branch name."""
    for step in steps(load(path)):
        assert "${{" not in step.get("run", "")


def test_ci_runs_what_people_run() -> None:
    """CI runs `.ci/run`, which runs `make check`, on all supported Python versions."""
    job = load(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["check"]
    assert ".ci/run" in [step.get("run") for step in job["steps"]]
    assert re.search(r"^make check\b", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    promised = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert job["strategy"]["matrix"]["python"] == promised
