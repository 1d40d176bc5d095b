"""Problems of root modules that no policy reports."""

from pathlib import Path

import pytest
from tests.support.scans import report_of

from iacpolicy.pipeline.context.usage_error import UsageError

BACKEND = 'terraform {\n  backend "%s" {}\n}\n'


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        ("frobnicate", 'named "frobnicate". Terraform has azurerm,'),
        ("S3", 'named "S3" (did you mean "s3"?).'),
        ("gsc", 'named "gsc" (did you mean "gcs"?).'),
    ],
)
def test_a_backend_that_terraform_does_not_have(tmp_path: Path, type_: str, words: str) -> None:
    """An unknown backend type is an error at the block header, as in `terraform init`."""
    report = report_of(tmp_path, {"main.tf": BACKEND % type_}, wanted=("state-locking",))
    (told,) = [d for d in report.diagnostics if d.summary == "Unsupported backend type"]
    assert words in told.detail
    assert told.location is not None
    assert (told.severity, told.location.line, report.exit_code) == ("error", 2, 3)


@pytest.mark.parametrize("type_", ["s3", "local", "inmem", "pg", "artifactory"])
def test_backends_that_there_are(tmp_path: Path, type_: str) -> None:
    """The backend of Terraform's tests and the backends of old releases are known."""
    report = report_of(tmp_path, {"main.tf": BACKEND % type_}, wanted=("state-locking",))
    assert "Unsupported backend type" not in [d.summary for d in report.diagnostics]


def test_settings_of_a_root_that_is_not_there(tmp_path: Path) -> None:
    """Settings of an unknown root are an error with a line and a suggestion; those of a known root are accepted."""
    settings = '[roots."infra/aap"]\nworkspaces = ["default"]\n'
    with pytest.raises(UsageError, match=r'iacpolicy.toml:1: Unknown root. .*did you mean "infra/app"'):
        report_of(tmp_path, {"infra/app/main.tf": BACKEND % "s3", "iacpolicy.toml": settings})
    report = report_of(tmp_path, {"iacpolicy.toml": settings.replace("aap", "app")}, wanted=("state-locking",))
    assert [(c.root, c.workspace) for c in report.cells] == [("infra/app", "default")]
