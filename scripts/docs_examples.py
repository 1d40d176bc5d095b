"""Examples for the page of a policy: the parts of its fixtures with findings, and some without."""

import re
from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 40
EXPECTATION = re.compile(r"(?:#|--|//)\s*expect(?:-possible|-undecided)?:\s*(?P<ids>[\w, -]+)")
LANGUAGES = {
    ".tf": "hcl",
    ".tofu": "hcl",
    ".tfvars": "hcl",
    ".sql": "sql",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
}


def examples(folder: Path, policy_id: str) -> Iterator[str]:
    """Yield the sections of failing and passing examples."""
    failing = _section(folder, "fail", policy_id)
    if failing:
        yield f"## What it finds\n\nThe `expect` comments mark the lines of the findings.\n\n{failing}"
    passing = _section(folder, "pass", None)
    if passing:
        yield f"## What passes\n\n{passing}"


def _section(folder: Path, name: str, marked: str | None) -> str:
    """Return parts of fixtures, up to a number of lines, each below a link to its file."""
    shown: list[str] = []
    room = MOST_LINES
    for file in fixture_files(folder, name):
        parts = [p for p in split(file.read_text(encoding="utf-8")) if marked is None or is_marked(p, marked)]
        fitting: list[str] = []
        for part in parts:
            length = part.count("\n") + 2
            if length <= room or not (shown or fitting):
                fitting.append(part)
                room -= length
        if fitting:
            path = file.relative_to(folder).as_posix()
            body = "\n\n".join(fitting)
            shown.append(f"[`{path}`]({path}):\n\n```{LANGUAGES[file.suffix]}\n{body}\n```")
        if room <= 0:
            break
    return "\n\n".join(shown)


def fixture_files(folder: Path, name: str) -> list[Path]:
    """Return the files of the fixtures `pass` or `fail`: those of the folder, or the single file."""
    below = sorted(p for p in (folder / name).rglob("*") if p.is_file())
    beside = sorted(p for p in folder.glob(f"{name}.*") if p.is_file())
    return [p for p in [*beside, *below] if p.suffix in LANGUAGES and not p.is_symlink()]


def is_marked(part: str, policy_id: str) -> bool:
    """Report that a part of a file expects a finding of the policy."""
    return any(policy_id in re.split(r"[,\s]+", match["ids"]) for match in EXPECTATION.finditer(part))


def split(text: str) -> list[str]:
    """Return the top-level blocks or statements of a file, which blank lines before unindented lines separate."""
    parts: list[list[str]] = [[]]
    blank = False
    for line in text.splitlines():
        if not line.strip():
            blank = True
            continue
        if blank and parts[-1]:
            if line[0].isspace() or line[0] in "})":
                parts[-1].append("")
            else:
                parts.append([])
        blank = False
        parts[-1].append(line)
    return ["\n".join(part) for part in parts if part]
