"""Options of the policies on networks and storage, and resource types without a recorded schema."""

from pathlib import Path

import pytest
from tests.support.expectations import assert_as_expected
from tests.support.scans import write_files

RULE = """resource "aws_vpc_security_group_ingress_rule" "r" {{
  security_group_id = "sg-0a1b2c3d"
  ip_protocol       = "{protocol}"
  from_port         = {port}
  to_port           = {port}
  cidr_ipv4         = "0.0.0.0/0" {mark}
}}
"""
PREFIX_LIST = """resource "aws_ec2_managed_prefix_list" "world" {
  name           = "world"
  address_family = "IPv4"
  max_entries    = 1

  entry {
    cidr = "0.0.0.0/0"
  }
}

resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id = "sg-0a1b2c3d"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  prefix_list_id    = aws_ec2_managed_prefix_list.world.id # expect: open-ingress
}
"""
RECORD = """resource "cloudflare_dns_record" "r" {{ {mark}
  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = "turn.shop.example"
  type    = "A"
  content = "198.51.100.7"
  ttl     = 1
}}
"""
SETTING = """resource "cloudflare_zone_setting" "s" {{
  zone_id    = "023e105f4ecef8ad9ca31a8372d0c353"
  setting_id = "min_tls_version"
  value      = "{version}" {mark}
}}
"""
DISTRIBUTION = """resource "aws_acm_certificate" "shop" {{
  domain_name               = "shop.example"
  subject_alternative_names = ["*.shop.example"]
  validation_method         = "DNS"
}}

resource "aws_cloudfront_distribution" "shop" {{
  aliases = [
    "www.shop.example",
    "{alias}", {held}
  ]

  default_cache_behavior {{
    viewer_protocol_policy = "{policy}" {redirected}
  }}

  viewer_certificate {{
    acm_certificate_arn      = aws_acm_certificate.shop.arn
    minimum_protocol_version = "{version}" {enough}
  }}
}}
"""
GOOD = {"alias": "shop.example", "policy": "redirect-to-https", "version": "TLSv1.2_2021"}
NO_MARKS = {"held": "", "redirected": "", "enough": ""}
BUCKET = 'resource "aws_s3_bucket" "b" {{ {mark}\n  bucket = "{name}"\n}}\n'
ENCRYPTED = (
    BUCKET.replace("{name}", "files").replace("{mark}", "")
    + """
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {{
  bucket = "files"

  rule {{
    apply_server_side_encryption_by_default {{
      sse_algorithm = "{algorithm}" {mark}
    }}
  }}
}}
"""
)
LOCK = (
    BUCKET.replace("{name}", "shop-backups").replace("{mark}", "")
    + """
resource "aws_s3_bucket_object_lock_configuration" "b" {{
  bucket = aws_s3_bucket.b.id

  rule {{
    default_retention {{
      mode = "COMPLIANCE"
      days = {days} {mark}
    }}
  }}
}}
"""
)
ACCOUNT = """resource "aws_s3_account_public_access_block" "all" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
"""
ALIAS = """resource "render_web_service" "shop" {
  name           = "shop"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}

resource "aws_route53_record" "old" {
  zone_id = "Z1"
  name    = "old.shop.example"
  type    = "CNAME"
  ttl     = 300
  records = ["old.onrender.com"] # expect: dangling-dns
}
"""


def _rule(port: int, mark: str = "", protocol: str = "tcp") -> str:
    return RULE.format(port=port, mark=mark, protocol=protocol)


CASES = {
    "a further public port": ("open-ingress", "public_ports = [80, 443, 1935]", _rule(1935)),
    "no public port": ("open-ingress", "public_ports = []", _rule(443, "# expect: open-ingress")),
    "a public port of another protocol": ("open-ingress", "", _rule(443, "# expect: open-ingress", "icmp")),
    "the whole internet in a prefix list": ("open-ingress", "", PREFIX_LIST),
    "a direct name by its first label": ("dns-unproxied", 'direct_names = ["turn"]', RECORD.format(mark="")),
    "a direct name in full": ("dns-unproxied", 'direct_names = ["turn.shop.example"]', RECORD.format(mark="")),
    "another name in the option": (
        "dns-unproxied",
        'direct_names = ["mail"]',
        RECORD.format(mark="# expect: dns-unproxied"),
    ),
    "TLS 1.3 required": (
        "tls-minimum",
        'minimum = "1.3"',
        SETTING.format(version="1.2", mark="# expect: tls-minimum"),
    ),
    "TLS 1.1 allowed": ("tls-minimum", 'minimum = "1.1"', SETTING.format(version="1.1", mark="")),
    "a good distribution: TLS": ("tls-minimum", "", DISTRIBUTION.format(**GOOD, **NO_MARKS)),
    "a good distribution: HTTPS": ("https-redirect", "", DISTRIBUTION.format(**GOOD, **NO_MARKS)),
    "a good distribution: certificate": ("certificate-coverage", "", DISTRIBUTION.format(**GOOD, **NO_MARKS)),
    "an old distribution": (
        "tls-minimum",
        "",
        DISTRIBUTION.format(**(GOOD | {"version": "TLSv1.1_2016"}), **(NO_MARKS | {"enough": "# expect: tls-minimum"})),
    ),
    "a distribution that answers HTTP": (
        "https-redirect",
        "",
        DISTRIBUTION.format(
            **(GOOD | {"policy": "allow-all"}), **(NO_MARKS | {"redirected": "# expect: https-redirect"})
        ),
    ),
    "an alias that the certificate lacks": (
        "certificate-coverage",
        "",
        DISTRIBUTION.format(
            **(GOOD | {"alias": "a.b.shop.example"}), **(NO_MARKS | {"held": "# expect: certificate-coverage"})
        ),
    ),
    "a record of Route 53": ("dangling-dns", "", ALIAS),
    "no KMS key required": ("bucket-encryption", "", BUCKET.format(name="files", mark="")),
    "a KMS key required": (
        "bucket-encryption",
        "kms_key = true",
        BUCKET.format(name="files", mark="# expect: bucket-encryption"),
    ),
    "a KMS key required, another algorithm": (
        "bucket-encryption",
        "kms_key = true",
        ENCRYPTED.format(algorithm="AES256", mark="# expect: bucket-encryption"),
    ),
    "a KMS key required and used": (
        "bucket-encryption",
        "kms_key = true",
        ENCRYPTED.format(algorithm="aws:kms", mark=""),
    ),
    "a public access block of the account": ("bucket-public", "", ACCOUNT + BUCKET.format(name="files", mark="")),
    "backups for a month": (
        "backup-retention",
        "min_days = 30",
        LOCK.format(days=14, mark="# expect: backup-retention"),
    ),
    "backups for a day": ("backup-retention", "min_days = 1", LOCK.format(days=1, mark="")),
    "another pattern for backup buckets": (
        "backup-retention",
        "buckets = '^archive'",
        BUCKET.format(name="archive-2026", mark="# expect: backup-retention"),
    ),
}


@pytest.mark.parametrize(("policy", "option", "main"), CASES.values(), ids=CASES)
def test_option(policy: str, option: str, main: str, tmp_path: Path) -> None:
    """The option decides whether the resource has a finding."""
    write_files(tmp_path, {"main.tf": main, "iacpolicy.toml": f"[policies.{policy}]\n{option}\n"})
    assert_as_expected(tmp_path, policy)
