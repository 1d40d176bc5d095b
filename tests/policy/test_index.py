"""The index of the catalogue has the META of the policies, and is valid only for unchanged ones."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from iacpolicy.policy.loading.index import DeferredCheck, index_text, meta_of, read_index
from iacpolicy.policy.loading.load import catalogue_folder, find_policies, load_catalogue, load_policies, load_policy
from iacpolicy.policy.loading.policy import Policy

FOLDERS = find_policies(catalogue_folder())
ID = "bucket-versioning"


def test_the_index_is_fresh() -> None:
    """The file has the current content and contains every policy."""
    policies = load_catalogue()
    text = (catalogue_folder() / "index.json").read_text(encoding="utf-8")
    assert text == index_text(policies), "run `make docs`"
    assert read_index(catalogue_folder()).keys() == {p.id for p in policies}


@pytest.mark.parametrize("policy_id", sorted(FOLDERS))
def test_entry_equals_module(policy_id: str) -> None:
    """A policy from the index has the same documentation and options as the imported policy."""
    (later,), _ = load_policies([catalogue_folder()], {}, [policy_id], later=True)
    imported = load_policy(FOLDERS[policy_id])
    assert isinstance(imported, Policy)
    assert isinstance(later.check, DeferredCheck)
    assert (later.meta, later.folder, later.options) == (imported.meta, imported.folder, imported.options)


def test_a_module_that_was_changed_is_imported(tmp_path: Path) -> None:
    """A change before the end of META invalidates the entry; a change after it does not."""
    index = read_index(catalogue_folder())
    folder = tmp_path / ID
    shutil.copytree(FOLDERS[ID], folder)
    module = folder / "bucket_versioning.py"
    text = module.read_text(encoding="utf-8")
    assert meta_of(folder, index) is not None
    module.write_text(text + "\n# more\n", encoding="utf-8")
    assert meta_of(folder, index) is not None
    module.write_text(text.replace("severity=Severity.MEDIUM", "severity=Severity.LOW"), encoding="utf-8")
    assert meta_of(folder, index) is None
    module.unlink()
    assert meta_of(folder, index) is None


def test_another_folder_of_that_id_is_not_the_catalogue(tmp_path: Path) -> None:
    """A policy outside of the catalogue with the id of a catalogue policy is imported."""
    shutil.copytree(FOLDERS[ID], tmp_path / "storage" / ID)
    (policy,), _ = load_policies([tmp_path], {}, [ID], later=True)
    assert not isinstance(policy.check, DeferredCheck)


@pytest.mark.parametrize("text", [None, b"", b"[1]", b'{"a": {"digest": 1}}'])
def test_unreadable_index(tmp_path: Path, text: bytes | None) -> None:
    """Without a readable index every policy is imported."""
    if text is not None:
        (tmp_path / "index.json").write_bytes(text)
    assert read_index(tmp_path) == {}


def test_unneeded_policies_are_not_imported(tmp_path: Path) -> None:
    """A scan of one bucket imports the policies on buckets, and neither those on databases nor PostgreSQL's grammar."""
    (tmp_path / "main.tf").write_text('resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n', encoding="utf-8")
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from iacpolicy.pipeline.context.request import Request\nfrom iacpolicy.pipeline.scan import scan\n"
        f"scan(Request(Path({str(tmp_path)!r}), ('',), checkov='off'))\n"
        "print(*sorted(sys.modules), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = done.stdout.splitlines()
    assert "iacpolicy_policies.storage.bucket_versioning" in modules
    assert not [m for m in modules if m.startswith(("iacpolicy_policies.database.", "iacpolicy.sql.replay", "pgparse"))]
