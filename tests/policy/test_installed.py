"""Policies of installed packages by entry points."""

import sys
from pathlib import Path

import pytest
from tests.support.scans import report_of, write_files, write_policy

from iacpolicy.policy.loading import installed
from iacpolicy.policy.loading.installed import installed_folders

METADATA = "Metadata-Version: 2.1\nName: acme-policies\nVersion: 1.0\n"
MAIN = 'resource "terraform_data" "a" {}\n'


def _package(root: Path, value: str) -> Path:
    """Return a directory of installed packages, one of which has policies."""
    write_files(
        root,
        {
            "acme_policies_test/__init__.py": "",
            "acme_policies-1.0.dist-info/METADATA": METADATA,
            "acme_policies-1.0.dist-info/entry_points.txt": f"[iacpolicy.policies]\nacme = {value}\n",
            "other-1.0.dist-info/entry_points.txt": "[console_scripts]\nother = other:main\n",
        },
    )
    write_policy(
        root / "acme_policies_test" / "rules", "acme-rule", "terraform_data", 'yield Violation("x", at=resource)'
    )
    return root


def test_installed_policies_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the package is found, and its policies run."""
    packages = _package(tmp_path / "packages", "acme_policies_test.rules")
    write_files(packages, {"acme_policies_test/rules/__init__.py": ""})
    monkeypatch.setattr(sys, "path", [str(packages), *sys.path])
    monkeypatch.setattr(installed, "package_directories", lambda: (str(packages),))
    assert installed_folders() == ([packages / "acme_policies_test" / "rules"], [])
    report = report_of(tmp_path / "repo", {"main.tf": MAIN}, wanted=("acme-rule",))
    assert [(f.policy, f.message) for f in report.findings] == [("acme-rule", "x")]


@pytest.mark.parametrize("value", ["nowhere_at_all.rules", "json.decoder", "1"])
def test_unresolved_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """The entry point is reported, the run is incomplete, and the other policies run."""
    packages = _package(tmp_path / "packages", value)
    monkeypatch.setattr(installed, "package_directories", lambda: (str(packages),))
    report = report_of(tmp_path / "repo", {"main.tf": MAIN}, wanted=("state-remote-backend",))
    assert [d.summary for d in report.diagnostics] == ["Installed policies cannot be found"]
    assert 'entry point "acme"' in report.diagnostics[0].detail
    assert len(report.findings) == 1


def test_only_where_packages_are_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Metadata in the scanned repository is not used, although Python searches there."""
    repository = _package(tmp_path, "acme_policies_test.rules")
    monkeypatch.chdir(repository)
    monkeypatch.setattr(sys, "path", [str(repository), *sys.path])
    assert installed_folders() == ([], [])
