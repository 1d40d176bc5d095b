"""Questions of the contract about `infra/`: its resources, the policies that judge them, and the breaks they find."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from iacpolicy.gate.report import Report
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.scan import Scanned, scan

REPOSITORY = Path(__file__).resolve().parents[2]
WORKSPACES = ("production", "staging")


@dataclass(frozen=True)
class Edit:
    """A replacement of one text in one file of `infra/`.

    The old text occurs once; an empty one appends to the file. A new text of None deletes the file.
    """

    file: str
    old: str
    new: str | None

    def apply(self, infra: Path) -> None:
        """Write the changed file; a file that does not exist is made."""
        path = infra / self.file
        if self.new is None:
            path.unlink()
            return
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert not self.old or text.count(self.old) == 1, f"{self.old!r} must occur once in {self.file}"
        path.write_text(text.replace(self.old, self.new) if self.old else text + self.new, encoding="utf-8")


@dataclass(frozen=True)
class Infrastructure:
    """A scan of `infra/` with all policies of the catalogue, and scans of changed copies below `scratch`."""

    scratch: Path

    @cached_property
    def scanned(self) -> Scanned:
        """The scan of `infra/` as it is."""
        return scan(Request(root=REPOSITORY, paths=("infra",), checkov="off"))

    @property
    def report(self) -> Report:
        """The report of the scan."""
        return self.scanned.report

    @cached_property
    def workspaces(self) -> Mapping[str, Graph]:
        """The resource graphs of the platform's root module, by workspace."""
        graphs = (graph for graph in self.scanned.prepared.graphs if graph.cell.root == "infra")
        return {graph.cell.workspace or "default": graph for graph in graphs}

    def resources(self, *types: str) -> list[Node]:
        """Return the resources of each type. Every type must exist in every workspace."""
        found: list[Node] = []
        for workspace in WORKSPACES:
            for type_ in types:
                nodes = self.workspaces[workspace].of(type_)
                assert nodes, f"infra/ has no {type_} in {workspace}"
                found += nodes
        return found

    def values(self, type_: str, attribute: str) -> set[object]:
        """Return the known values of an attribute over all resources of a type and all workspaces."""
        values = (node.body.attribute(attribute) for node in self.resources(type_) if node.body is not None)
        return {value.data for value in values if value is not None and isinstance(value.data, str | int | bool)}

    def attribute(self, node: Node, name: str) -> Any:
        """Return the payload of an attribute: a text, a number, or parts in a tuple or dict. It must be written."""
        value = node.body.attribute(name) if node.body is not None else None
        assert value is not None, f"{node.address} has no {name}"
        return value.data

    def is_judged(self, policy: str, *types: str) -> bool:
        """Return whether the policy passed on a resource of each type in every workspace, without a finding."""
        assert not [f for f in self.report.findings if f.policy == policy]
        assert not [u for u in self.report.undecided if u.policy == policy]
        for workspace, graph in self.workspaces.items():
            passed = {p.address for p in self.report.passed if p.policy == policy and graph.index in p.cells}
            for type_ in types:
                if passed.isdisjoint(node.address for node in graph.of(type_)):
                    raise AssertionError(f"{policy} judged no {type_} in {workspace}")
        return True

    def finds(self, policy: str, *edits: Edit, at: str) -> bool:
        """Return whether a policy finds a break: one place, certain, on the line of `at`, and the gate fails.

        `at` is `file: text`, where the text occurs first on the line of the finding.
        """
        report = self.changed(policy, *edits)
        file, _, text = at.partition(": ")
        lines = (self.scratch / policy / "infra" / file).read_text(encoding="utf-8").split("\n")
        line = next(number for number, content in enumerate(lines, 1) if text in content)
        assert {(f.location.path, f.location.line) for f in report.findings} == {(f"infra/{file}", line)}
        assert {str(f.certainty) for f in report.findings} == {"certain"}
        assert report.exit_code == 1
        return True

    def changed(self, policy: str, *edits: Edit) -> Report:
        """Return the report of one policy over a copy of `infra/` with the edits."""
        root = self.scratch / policy
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(REPOSITORY / "infra", root / "infra", ignore=shutil.ignore_patterns(".terraform*"))
        for edit in edits:
            edit.apply(root / "infra")
        return scan(Request(root=root, paths=("infra",), wanted=(policy,), checkov="off")).report
