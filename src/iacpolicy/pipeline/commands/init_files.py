"""The files that `iacpolicy init` writes: settings, a hook and a workflow; existing files stay."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from iacpolicy import __version__
from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.places import yaml_marks
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree
from iacpolicy.settings.load import OWN_FILE, SHARED_FILE

HOOKS_FILE = ".pre-commit-config.yaml"
WORKFLOW_FILE = ".github/workflows/iacpolicy.yml"

SETTINGS = """# Settings of iacpolicy; `iacpolicy settings` prints all settings with their values.

# The lowest severity that makes the exit code 1: low, medium, high, critical or never.
fail_on = "low"

# Files and directories that are not scanned.
exclude = []

# [policies]
# skip = ["state-remote-backend"]

# [policies.autoscaling-bounds]
# max_instances = 10

# [workspaces.production]
# var_files = ["env/production.tfvars"]
"""

HOOK = f"""- repo: local
  hooks:
    - id: iacpolicy
      name: iacpolicy
      entry: iacpolicy scan
      language: python
      additional_dependencies: ["iacpolicy=={__version__}"]
      # Policies need the whole system, so each run reads the whole repository, whichever file has changed.
      pass_filenames: false
      require_serial: true
      files: (?x)(\\.(tf|tofu|tfvars|tfbackend|sql|json|ya?ml)$|(^|/)(iacpolicy|pyproject)\\.toml$)
"""

WORKFLOW = f"""name: iacpolicy

on:
  pull_request:

permissions:
  contents: read

jobs:
  scan:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read
      security-events: write
    steps:
      - uses: actions/checkout@d23441a48e516b6c34aea4fa41551a30e30af803 # v6.1.0
        with:
          persist-credentials: false
          fetch-depth: 0
      - uses: actions/setup-python@ece7cb06caefa5fff74198d8649806c4678c61a1 # v6.3.0
        with:
          python-version: "3.12"
      - run: python -m pip install "$TOOL"
        env:
          TOOL: iacpolicy=={__version__}
      # The target branch provides policies, settings, baseline and waivers, so that a pull request cannot weaken its
      # own gate. With `--since "$BASE"` only new findings count.
      - run: iacpolicy scan --policies-from "$BASE" --format text --format sarif=iacpolicy.sarif
        env:
          BASE: ${{{{ github.event.pull_request.base.sha }}}}
      # A pull request from a fork cannot upload; the log above shows its findings.
      - if: >-
          !cancelled() && hashFiles('iacpolicy.sarif') != ''
          && github.event.pull_request.head.repo.full_name == github.repository
        uses: github/codeql-action/upload-sarif@8aad20d150bbac5944a9f9d289da16a4b0d87c1e # v4.36.2
        with:
          sarif_file: iacpolicy.sarif
"""


class FileAction(StrEnum):
    """The action for a file."""

    WRITE = "wrote"
    ADD = "added the hook to"
    KEEP = "kept"
    BY_HAND = "left"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file: the action, the new text if it is written, and the reason if it is not."""

    path: str
    action: FileAction
    text: str = ""
    why: str = ""


def file_changes(tree: Tree, *, force: bool) -> Iterator[FileChange]:
    """Yield the files to write into a repository; `force` overwrites existing settings and workflow files."""
    yield _settings(tree, force)
    yield _hook(tree)
    yield _file(tree, WORKFLOW_FILE, WORKFLOW, force)


def _settings(tree: Tree, force: bool) -> FileChange:
    if not tree.exists(OWN_FILE) and tree.exists(SHARED_FILE):
        source = tree.read(SHARED_FILE)
        if isinstance(source, SourceFile) and "[tool.iacpolicy" in source.text:
            return FileChange(OWN_FILE, FileAction.KEEP, why=f"the settings are in {SHARED_FILE}")
    return _file(tree, OWN_FILE, SETTINGS, force)


def _file(tree: Tree, path: str, text: str, force: bool) -> FileChange:
    if tree.exists(path) and not force:
        return FileChange(path, FileAction.KEEP, why="it exists; --force overwrites it")
    return FileChange(path, FileAction.WRITE, text)


def _hook(tree: Tree) -> FileChange:
    """Add our hook after the existing ones, which are never overwritten."""
    if not tree.exists(HOOKS_FILE):
        return FileChange(HOOKS_FILE, FileAction.WRITE, f"repos:\n{_indented(HOOK, 2)}")
    source = tree.read(HOOKS_FILE)
    if isinstance(source, Diagnostic):
        return FileChange(HOOKS_FILE, FileAction.BY_HAND, why=source.detail)
    if "id: iacpolicy" in source.text:
        return FileChange(HOOKS_FILE, FileAction.KEEP, why="the hook exists already")
    text = _with_hook(source)
    if text is None:
        return FileChange(HOOKS_FILE, FileAction.BY_HAND, why=f"add this to its `repos:`:\n\n{_indented(HOOK, 2)}")
    return FileChange(HOOKS_FILE, FileAction.ADD, text)


def _with_hook(source: SourceFile) -> str | None:
    """Return the configuration with our hook at the end of `repos`; None if that is not safely possible."""
    items = _repositories(source)
    if not items:
        return None
    line, column = source.position(items[-1].start)
    before = source.line(line)[: column - 1]
    if before.strip() != "-":
        return None
    end = len(source.text[: items[-1].end].rstrip())
    end = source.text.find("\n", end)
    head, tail = (source.text + "\n", "") if end < 0 else (source.text[: end + 1], source.text[end + 1 :])
    text = head + _indented(HOOK, before.index("-")) + tail
    now = _repositories(SourceFile(source.path, text))
    return text if now is not None and len(now) == len(items) + 1 else None


def _repositories(source: SourceFile) -> tuple[yaml_marks.Node, ...] | None:
    documents = yaml_marks.read(source)
    if isinstance(documents, Diagnostic) or len(documents) != 1 or not isinstance(documents[0], yaml_marks.Mapping):
        return None
    found = documents[0].get("repos")
    return found.items if isinstance(found, yaml_marks.Sequence) else None


def _indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())
