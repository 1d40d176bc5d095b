"""The remediation of each finding speaks of the resource at hand, not of other providers."""

import re
from pathlib import Path

import pytest
from tests.support.expectations import scan_fixture
from tests.support.scans import write_files

from iacpolicy.engine.findings import Finding
from iacpolicy.policy.loading.load import catalogue_folder, find_policies, load_policy
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.policy.testing.fixtures import fixtures_of

FOLDERS = find_policies(catalogue_folder())
# Words for the products and arguments of a provider or backend, and the addresses and messages that belong to it.
WORDS = {
    "Render": (r"\bRender\b|\brender_|\bhealth_check_path\b", r"\brender_|\bRender\b"),
    "Supabase": (r"\bSupabase\b|\bsupabase_", r"\bsupabase_|\bSupabase\b"),
    "Cloudflare": (r"\bCloudflare\b|\bcloudflare_|\bmin_tls_version\b|\balways_use_https\b", r"\bcloudflare_"),
    "AWS": (
        r"\bAWS\b|\bRDS\b|\bCloudFront\b|\bECS\b|\bRedshift\b|\baws_|\bAuto Scaling\b|\bELB|\bmulti_az\b|\bKMS\b",
        r"\baws_|\bS3\b|\bKMS\b|\bElastic Load Balancing\b|backend\.s3",
    ),
    "Google": (r"\bGCS\b|\bGoogle\b|\bgoogle_|\bGOOGLE_", r"\bgoogle_|backend\.gcs"),
    "Azure": (r"\bAzure\b|\bazurerm_|\bARM_", r"\bazurerm_|backend\.azurerm"),
    "Grafana": (r"\bGrafana\b|\bgrafana_|\bnotification_settings\b", r"\bgrafana_"),
    "s3 backend": (r"\buse_lockfile\b|\bdynamodb_table\b|\bkms_key_id\b", r"backend\.s3"),
    "http backend": (r"\block_address\b|\bTF_HTTP_", r"backend\.http"),
    "oss backend": (r"\btablestore_", r"backend\.oss"),
}


def _findings(policy_id: str, folder: Path) -> list[Finding]:
    """Return the findings in the failing fixtures of a policy; a single file is scanned as a root module."""
    found: list[Finding] = []
    for fixture in (f for f in fixtures_of(FOLDERS[policy_id]) if f.kind == "fail"):
        root = fixture.path if fixture.path.is_dir() else folder / fixture.path.suffix[1:]
        if root != fixture.path:
            write_files(root, {fixture.path.name: fixture.path.read_text(encoding="utf-8")})
        found += scan_fixture(root, policy_id).findings
    return found


def _foreign(finding: Finding, fix: str) -> list[str]:
    """Return the providers that a remediation names although the finding does not belong to them."""
    about = " ".join((*finding.addresses, finding.message))
    return [name for name, (words, own) in WORDS.items() if re.search(words, fix) and not re.search(own, about)]


@pytest.mark.parametrize("policy_id", FOLDERS)
def test_each_remediation_is_for_its_resource(policy_id: str, tmp_path: Path) -> None:
    """Each finding of the fixtures has a remediation, which names no provider but that of its resource."""
    policy = load_policy(FOLDERS[policy_id])
    assert isinstance(policy, Policy)
    fixes = [(finding, finding.fix or policy.meta.fix) for finding in _findings(policy_id, tmp_path)]
    assert fixes
    for finding, fix in fixes:
        assert fix.endswith((".", "`")), fix
        assert _foreign(finding, fix) == [], f"{finding.address}: {fix}"


def test_a_literal_in_a_module_with_keys_has_the_remediation_of_its_resource(tmp_path: Path) -> None:
    """The keys of a module do not make the first resource of the module the sink."""
    write_files(
        tmp_path,
        {
            "main.tf": 'module "shop" {\n  source   = "./shop"\n  for_each = toset(["eu"])\n}\n',
            "shop/main.tf": 'resource "aws_s3_bucket" "a" {\n  bucket = "a"\n}\n\n'
            'resource "aws_db_instance" "b" {\n  password = "Tr0ub4dor-x9-Kiefer"\n}\n',
        },
    )
    (finding,) = scan_fixture(tmp_path, "plaintext-secret").findings
    assert "`password_wo`" in (finding.fix or "")
