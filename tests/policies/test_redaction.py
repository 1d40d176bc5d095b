"""No output format shows the credentials of a backend or of the files that complete it."""

import re
import shutil
from pathlib import Path

import pytest
from tests.policies.catalogue import REPOSITORY
from tests.support.commands import Runner

from iacpolicy.schemas import backends
from iacpolicy.terraform.backend_files import TYPES

FAIL = REPOSITORY / "policies" / "state" / "state-backend-credentials" / "fail"
PLANTED = (
    "AKIA0018STATE0018ABC",
    "Wn7/Xq1Lz5Vc8Hm3Js6Pf0GaYb4Kd9",
    "Regenrinne-4471-Uhu",
    "Brombeere-Anker-9034",
    "Anker-9034",
    "Heuwagen-55",
    "Hm3Js6Pf0GaYb4Kd9Rt2",
    "Kd9Rt2Wn7Xq1Lz5Vc8Hm3Js6",
    "b1f7a6d0-9e55-4c2e-8d4e-2f7f0c1a9e33",
    "Kamin-Uhu-4471-Leiste",
)


def test_the_fixture_contains_the_credentials() -> None:
    """The fixture contains every credential that the next test searches for."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in FAIL.rglob("*") if p.is_file())
    assert [secret for secret in PLANTED if secret not in text] == []


@pytest.mark.parametrize("policy", ["state-backend-credentials", "state-locking"])
@pytest.mark.parametrize("name", ["text", "json", "sarif", "junit", "github", "gitlab", "markdown"])
def test_nothing_leaks(
    name: str, policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No format shows more than the first characters of a credential, whichever policy runs."""
    root = Path(shutil.copytree(FAIL, tmp_path / "repository"))
    ran = Runner(root, monkeypatch, capsys)("scan", "--checkov", "off", "--policy", policy, "--format", name)
    assert ran.code == 1, ran.err
    for secret in PLANTED:
        assert not re.search(re.escape(secret[:6]), ran.out + ran.err)


def test_backend_types_have_facts() -> None:
    """The file name of a backend configuration accepts every backend type with recorded facts."""
    assert {t for t in TYPES if backends.backend(t) is not None} == set(TYPES)
    assert set(backends.backend_types()) <= set(TYPES)
