"""The policies on networks, storage and modules over whole repositories, and over broken copies of `infra`."""

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
class MultiFileBreak:
    """Changes of files, each (file, old, new), and the expected finding: text on its line, and its file."""

    policy: str
    changes: tuple[tuple[str, str, str], ...]
    mark: str
    file: str

    def apply(self, root: Path) -> None:
        for file, old, new in self.changes:
            text = (root / file).read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{old!r} is not exactly once in {file}"
            (root / file).write_text(text.replace(old, new), encoding="utf-8")

    def place(self, root: Path) -> tuple[str, int]:
        lines = (root / self.file).read_text(encoding="utf-8").split("\n")
        return self.file, next(number for number, line in enumerate(lines, 1) if self.mark in line)


BREAKS = {
    "SSH to Vault from everywhere": MultiFileBreak(
        "open-ingress",
        (("modules/networking/firewall.tf", "cidr_ipv4         = each.value", 'cidr_ipv4         = "0.0.0.0/0"'),),
        'cidr_ipv4         = "0.0.0.0/0"',
        "modules/networking/firewall.tf",
    ),
    "private subnets over public ones": MultiFileBreak(
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
    "a host that bypasses the proxy": MultiFileBreak(
        "dns-unproxied",
        ((DNS, "content = each.value\n  ttl     = 1\n  proxied = true", "content = each.value\n  ttl     = 1"),),
        'resource "cloudflare_dns_record" "host"',
        DNS,
    ),
    "a record of a deleted service": MultiFileBreak(
        "dangling-dns",
        ((DNS, "  content = var.domain\n", '  content = "lss-old.onrender.com"\n'),),
        "lss-old.onrender.com",
        DNS,
    ),
    "TLS 1.0": MultiFileBreak(
        "tls-minimum",
        ((ZONE, 'min_tls_version          = "1.2"', 'min_tls_version          = "1.0"'),),
        "value      = each.value",
        ZONE,
    ),
    "no minimum version of TLS": MultiFileBreak(
        "tls-minimum",
        ((ZONE, '    min_tls_version          = "1.2"\n', ""),),
        'resource "cloudflare_zone" "this"',
        ZONE,
    ),
    "plain HTTP": MultiFileBreak(
        "https-redirect",
        (
            (ZONE, 'always_use_https         = "on"', 'always_use_https         = "off"'),
            (RULES, '"(not ssl)"', '"(not ssl and http.host eq \\"${var.domain}\\")"'),
        ),
        "value      = each.value",
        ZONE,
    ),
    "www to www": MultiFileBreak(
        "redirect-loop",
        ((RULES, '"concat(\\"https://${var.domain}\\"', '"concat(\\"https://www.${var.domain}\\"'),),
        "rules = [",
        RULES,
    ),
    "a redirect back to the legacy domain": MultiFileBreak(
        "redirect-loop",
        (
            (RULES, 'http.host eq \\"www.${var.domain}\\"', 'http.host eq \\"${var.domain}\\"'),
            (RULES, 'concat(\\"https://${var.domain}\\"', 'concat(\\"https://www.liveshopstream.example\\"'),
        ),
        "rules = [",
        RULES,
    ),
    "a certificate for the apex only": MultiFileBreak(
        "certificate-coverage",
        ((ZONE, '[var.domain, "*.${var.domain}"]', "[var.domain]"),),
        "hosts ",
        ZONE,
    ),
    "a switch of the public access block": MultiFileBreak(
        "bucket-public",
        ((BUCKET, "restrict_public_buckets = true", "restrict_public_buckets = false"),),
        "restrict_public_buckets = false",
        BUCKET,
    ),
    "a public access block of another bucket": MultiFileBreak(
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
    "a key that the algorithm ignores": MultiFileBreak(
        "bucket-encryption",
        ((BUCKET, '"AES256" : "aws:kms"', '"AES256" : "AES256"'),),
        "sse_algorithm",
        BUCKET,
    ),
    "no versions": MultiFileBreak(
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
    "backups for three days": MultiFileBreak(
        "backup-retention",
        (("modules/storage/main.tf", "expire_days     = var.expire_days", "expire_days     = 3"),),
        "days = expiration.value",
        BUCKET,
    ),
    "any version of a provider": MultiFileBreak(
        "version-unpinned",
        (("versions.tf", '"6.25.0"', '">= 6"'),),
        '">= 6"',
        "versions.tf",
    ),
    "a variable without a type": MultiFileBreak(
        "variable-untyped",
        (("variables.tf", 'level of the services."\n  type        = string\n', 'level of the services."\n'),),
        'variable "log_level"',
        "variables.tf",
    ),
}


@pytest.mark.parametrize("policy_id", POLICIES)
def test_leaky(policy_id: str) -> None:
    """The scan of `leaky` finds each marked defect on its line, and no other."""
    assert_as_expected(REPOSITORY / "fixtures" / "repos" / "leaky", policy_id)


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "infra"])
def test_nothing_is_found(folder: str) -> None:
    """The repository `clean` and `infra` give no finding and no undecided result, and each policy runs."""
    report = scan_fixture(REPOSITORY / folder, *POLICIES)
    assert results_of(report, POLICIES) == []
    with_results = {p.policy for p in report.passed}
    assert with_results == set(POLICIES) - ({"open-ingress", "subnet-overlap"} if folder != "infra" else set())


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_break(
    change: MultiFileBreak, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The scan of the broken copy exits with 1 and has one certain finding, on the line of the defect."""
    infra = Path(shutil.copytree(REPOSITORY / "infra", tmp_path / "infra"))
    change.apply(infra)
    ran = Runner(infra, monkeypatch, capsys)("scan", "--checkov", "off", "--policy", change.policy, "--format", "json")
    assert ran.code == 1, ran.err
    report = json.loads(ran.out)
    assert {(f["location"]["path"], f["location"]["line"]) for f in report["findings"]} == {change.place(infra)}
    assert {(f["policy"], f["certainty"]) for f in report["findings"]} == {(change.policy, "certain")}
