"""The policies on networks, storage and modules over whole repositories, and over our own with something broken."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.policies.catalogue import REPOSITORY
from tests.support.commands import Runner
from tests.support.expectations import assert_as_expected, results_of, scan_fixture

NETWORKING = (
    "open-ingress",
    "subnet-overlap",
    "dns-unproxied",
    "dangling-dns",
    "tls-minimum",
    "https-redirect",
    "redirect-loop",
    "certificate-coverage",
)
STORAGE = ("bucket-public", "bucket-encryption", "bucket-versioning", "backup-retention")
MODULES = ("version-unpinned", "variable-untyped")
POLICIES = (*NETWORKING, *STORAGE, *MODULES)

DNS, ZONE = "modules/networking/dns.tf", "modules/networking/zone.tf"
RULES, BUCKET = "modules/networking/rules.tf", "modules/storage/bucket/main.tf"


@dataclass(frozen=True)
class Break:
    """Changes of files, each (file, old, new), and where the finding must stand: a text of its line, and the file."""

    policy: str
    changes: tuple[tuple[str, str, str], ...]
    mark: str
    file: str

    def apply(self, root: Path) -> None:
        for file, old, new in self.changes:
            text = (root / file).read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{old!r} does not stand once in {file}"
            (root / file).write_text(text.replace(old, new), encoding="utf-8")

    def place(self, root: Path) -> tuple[str, int]:
        lines = (root / self.file).read_text(encoding="utf-8").split("\n")
        return self.file, next(number for number, line in enumerate(lines, 1) if self.mark in line)


BREAKS = {
    "SSH to Vault from everywhere": Break(
        "open-ingress",
        (("modules/networking/firewall.tf", "cidr_ipv4         = each.value", 'cidr_ipv4         = "0.0.0.0/0"'),),
        'cidr_ipv4         = "0.0.0.0/0"',
        "modules/networking/firewall.tf",
    ),
    "private subnets over public ones": Break(
        "subnet-overlap",
        (
            (
                "modules/networking/vpc.tf",
                "cidrsubnet(var.cidr, 4, each.value + 8)",
                "cidrsubnet(var.cidr, 3, each.value)",
            ),
        ),
        "cidrsubnet(var.cidr, 3, each.value)",
        "modules/networking/vpc.tf",
    ),
    "the shop past the proxy": Break(
        "dns-unproxied",
        ((DNS, "content = each.value\n  ttl     = 1\n  proxied = true", "content = each.value\n  ttl     = 1"),),
        'resource "cloudflare_dns_record" "host"',
        DNS,
    ),
    "a name of a service that went": Break(
        "dangling-dns",
        ((DNS, "  content = var.domain\n", '  content = "lss-old.onrender.com"\n'),),
        "lss-old.onrender.com",
        DNS,
    ),
    "TLS 1.0": Break(
        "tls-minimum",
        ((ZONE, 'min_tls_version          = "1.2"', 'min_tls_version          = "1.0"'),),
        "value      = each.value",
        ZONE,
    ),
    "no least version of TLS": Break(
        "tls-minimum",
        ((ZONE, '    min_tls_version          = "1.2"\n', ""),),
        'resource "cloudflare_zone" "this"',
        ZONE,
    ),
    "plain HTTP": Break(
        "https-redirect",
        (
            (ZONE, 'always_use_https         = "on"', 'always_use_https         = "off"'),
            (RULES, '"(not ssl)"', '"(not ssl and http.host eq \\"${var.domain}\\")"'),
        ),
        "value      = each.value",
        ZONE,
    ),
    "www to www": Break(
        "redirect-loop",
        ((RULES, '"concat(\\"https://${var.domain}\\"', '"concat(\\"https://www.${var.domain}\\"'),),
        "rules = [",
        RULES,
    ),
    "the way back from the legacy domain": Break(
        "redirect-loop",
        (
            (RULES, 'http.host eq \\"www.${var.domain}\\"', 'http.host eq \\"${var.domain}\\"'),
            (RULES, 'concat(\\"https://${var.domain}\\"', 'concat(\\"https://www.liveshopstream.example\\"'),
        ),
        "rules = [",
        RULES,
    ),
    "a certificate for the apex alone": Break(
        "certificate-coverage",
        ((ZONE, '[var.domain, "*.${var.domain}"]', "[var.domain]"),),
        "hosts ",
        ZONE,
    ),
    "a switch of the public access block": Break(
        "bucket-public",
        ((BUCKET, "restrict_public_buckets = true", "restrict_public_buckets = false"),),
        "restrict_public_buckets = false",
        BUCKET,
    ),
    "a public access block of another bucket": Break(
        "bucket-public",
        (
            (
                BUCKET,
                "  bucket = aws_s3_bucket.this.id\n\n  block_public_acls",
                '  bucket = "${var.name}-other"\n\n  block_public_acls',
            ),
        ),
        'resource "aws_s3_bucket" "this"',
        BUCKET,
    ),
    "a key that nothing uses": Break(
        "bucket-encryption",
        ((BUCKET, '"AES256" : "aws:kms"', '"AES256" : "AES256"'),),
        "sse_algorithm",
        BUCKET,
    ),
    "no versions": Break(
        "bucket-versioning",
        (
            (
                BUCKET,
                'versioning_configuration {\n    status = "Enabled"',
                'versioning_configuration {\n    status = "Suspended"',
            ),
        ),
        'status = "Suspended"',
        BUCKET,
    ),
    "backups for three days": Break(
        "backup-retention",
        (("modules/storage/main.tf", "expire_days     = var.expire_days", "expire_days     = 3"),),
        "days = expiration.value",
        BUCKET,
    ),
    "any version of a provider": Break(
        "version-unpinned",
        (("versions.tf", '"6.25.0"', '">= 6"'),),
        '">= 6"',
        "versions.tf",
    ),
    "a variable without a type": Break(
        "variable-untyped",
        (("variables.tf", 'level of the services."\n  type        = string\n', 'level of the services."\n'),),
        'variable "log_level"',
        "variables.tf",
    ),
}


@pytest.mark.parametrize("policy_id", POLICIES)
def test_leaky(policy_id: str) -> None:
    """Every defect of the careless repository is found on its line, and nothing else is."""
    assert_as_expected(REPOSITORY / "fixtures" / "repos" / "leaky", policy_id)


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "infra"])
def test_nothing_is_found(folder: str) -> None:
    """The well-kept repository and our own infrastructure give no finding and no doubt, and are looked at."""
    report = scan_fixture(REPOSITORY / folder, *POLICIES)
    assert results_of(report, POLICIES) == []
    looked_at = {p.policy for p in report.passed}
    assert looked_at == set(POLICIES) - ({"open-ingress", "subnet-overlap"} if folder != "infra" else set())


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_break(
    change: Break, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The scan of the broken copy ends with 1, and the finding stands where the defect is, for certain."""
    infra = Path(shutil.copytree(REPOSITORY / "infra", tmp_path / "infra"))
    change.apply(infra)
    ran = Runner(infra, monkeypatch, capsys)("scan", "--checkov", "off", "--policy", change.policy, "--format", "json")
    assert ran.code == 1, ran.err
    report = json.loads(ran.out)
    assert {(f["location"]["path"], f["location"]["line"]) for f in report["findings"]} == {change.place(infra)}
    assert {(f["policy"], f["certainty"]) for f in report["findings"]} == {(change.policy, "certain")}
