"""Tests of the page on writing policies: its files are written, its commands are run, its reference is complete."""

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from iacpolicy.policy import api
from iacpolicy.policy.loading.load import load_policy
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.policy.yaml.conditions import SUBJECTS
from iacpolicy.policy.yaml.load import KEYS
from iacpolicy.policy.yaml.operators import OPERATORS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "writing-policies.md"
# Members of library classes that share their name with an internal member of the SDK.
OF_OTHER_CLASSES = {"facts", "subject", "trace"}
FENCE = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?(?: (?P<mode>\w+))?\n(?P<body>.*?)^```$',
    re.MULTILINE | re.DOTALL,
)


def _run(command: str, directory: Path, config: Path) -> str:
    """A command as the page shows it, with what it prints."""
    program, *arguments = shlex.split(command)
    assert program == "iacpolicy"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "IACPOLICY_"))}
    environment |= {"XDG_CONFIG_HOME": str(config), "COLUMNS": "120"}
    flags = ["--checkov", "off", "--quiet"] if arguments[0] == "scan" else []
    done = subprocess.run(
        [sys.executable, "-m", "iacpolicy.cli.main", *arguments, *flags],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def _write(fence: re.Match[str], directory: Path) -> None:
    """A file of the page: written, added to, or a line of it replaced by another."""
    path = directory / fence["title"]
    path.parent.mkdir(parents=True, exist_ok=True)
    match fence["mode"]:
        case None:
            path.write_text(fence["body"], encoding="utf-8")
        case "add":
            path.write_text(path.read_text(encoding="utf-8") + "\n" + fence["body"], encoding="utf-8")
        case "replace":
            old, new = fence["body"].splitlines()
            text = path.read_text(encoding="utf-8")
            assert text.count(f"{old}\n") == 1, old
            path.write_text(text.replace(f"{old}\n", f"{new}\n"), encoding="utf-8")
        case other:
            raise AssertionError(f"a file of the page is to be {other}")


def _shown(page: str, directory: Path, config: Path) -> str:
    """The page with what its commands print now."""
    (directory / ".git").mkdir(parents=True)  # a repository, as far as anybody looks

    def replaced(fence: re.Match[str]) -> str:
        if fence["title"]:
            _write(fence, directory)
        elif fence["language"] == "console":
            command = fence["body"].splitlines()[0]
            printed = _run(command.removeprefix("$ "), directory, config)
            if fence["mode"] != "quiet":
                return f"```console\n{command}\n{printed.rstrip()}\n```"
        return fence[0]

    return FENCE.sub(replaced, page)


def test_the_page_is_what_happens(tmp_path: Path) -> None:
    """Whoever types along sees what is printed on the page. REGENERATE=1 writes it anew."""
    page = PAGE.read_text(encoding="utf-8")
    now = _shown(page, tmp_path / "typed", tmp_path / "config")
    if os.environ.get("REGENERATE"):
        PAGE.write_text(now, encoding="utf-8")
    assert now == page
    policy = load_policy(tmp_path / "typed/policies/compute/instance-ceiling")
    assert isinstance(policy, Policy)


def _used_by_the_catalogue() -> tuple[set[tuple[str, str]], set[str]]:
    """Return the pairs of module and name that policies import, and the names of all attributes that they read."""
    imported: set[tuple[str, str]] = set()
    read: set[str] = set()
    for file in sorted((ROOT / "policies").glob("*/*/*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("iacpolicy."):
                imported |= {(str(node.module), alias.name) for alias in node.names}
            elif isinstance(node, ast.Attribute):
                read.add(node.attr)
    return imported, read


def _documented(section: str) -> set[str]:
    """Return the words that a section of the page has in code."""
    text = PAGE.read_text(encoding="utf-8").partition(f"## Reference: {section}\n")[2].partition("\n## ")[0]
    return {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)}


def test_imported_names_are_documented() -> None:
    """Each name that a policy of the catalogue imports is on the page, in the section of its module."""
    imported, _ = _used_by_the_catalogue()
    assert len(imported) > 50
    sections = {"iacpolicy.policy.api": _documented("the SDK in Python")}
    library = _documented("the library")
    missing = [
        f"{module}.{name}"
        for module, name in sorted(imported)
        if name not in sections.get(module, library)
        or (module not in sections and module.rpartition(".")[2] not in library)
    ]
    assert missing == []


def test_members_are_documented() -> None:
    """Each member of a class of the SDK that a policy of the catalogue reads is on the page."""
    _, read = _used_by_the_catalogue()
    documented = _documented("the SDK in Python")
    classes = (api.Resource, api.Attribute, api.Graph, api.Violation, api.Truth, api.Undecidable, api.Secret, api.Cell)
    members = {name for class_ in classes for name in dir(class_) if not name.startswith("_")}
    assert {"of", "value", "written", "place"} <= members & read
    assert sorted((members & read) - documented - OF_OTHER_CLASSES) == []


def test_internal_members_are_not_used() -> None:
    """No policy of the catalogue reads the node, the evaluated value or the graph behind the SDK."""
    _, read = _used_by_the_catalogue()
    internal = {"node", "inner", "cells", "cell_secrets", "known_value", "settled", "subject_value", "context"}
    assert read & internal == set()


def test_the_reference_is_complete() -> None:
    """Every key, condition and operator of YAML policies is on the page."""
    reference = PAGE.read_text(encoding="utf-8").partition("## Reference: YAML")[2]
    missing = [w for w in (*KEYS, *SUBJECTS, *OPERATORS) if f"`{w}`" not in reference and f"`{w}:" not in reference]
    assert missing == []
