"""Scans of small repositories written in a test."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iacpolicy.gate.report import Report
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.scan import Scanned, scan


def write_files(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below a directory, and return the directory."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def scan_files(root: Path, files: Mapping[str, str], **request: Any) -> Scanned:
    """Scan the files as one repository, without Checkov."""
    write_files(root, files)
    return scan(Request(root=root, paths=("",), checkov="off", **request))


def report_of(root: Path, files: Mapping[str, str], **request: Any) -> Report:
    """Return the report of such a scan."""
    report = scan_files(root, files, **request).report
    assert report is not None
    return report


def write_policy(root: Path, policy_id: str, on: str, body: str) -> Path:
    """Write a policy into a folder of policies; `body` is the body of its check, over `resource` and `graph`."""
    name = policy_id.replace("-", "_")
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    write_files(
        root,
        {
            f"{policy_id}/{name}.py": f'''"""A policy of a test."""

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

META = Meta(id="{policy_id}", title="A test", severity=Severity.HIGH, on=("{on}",), why="It tests.", fix="Pass it.")


def check(resource: Resource, graph: Graph):
{lines}
'''
        },
    )
    return root
