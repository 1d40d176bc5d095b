"""Attributes that identify a resource, so that a value of any of them refers to it.

Terraform configurations refer to one resource by different attributes: `bucket = aws_s3_bucket.x.id` here,
`aws_s3_bucket.x.bucket` there. The attributes of a `same` group have one value; `keys` are all attributes that name the
resource.
Sources: the attribute reference of each type in its provider's documentation.
"""

import msgspec

from iacpolicy.schemas.schema import Schema


class Identity(msgspec.Struct, frozen=True, gc=False):
    """`same`: groups of attributes whose values are always equal. `keys`: attributes that each name one resource."""

    same: tuple[frozenset[str], ...] = ()
    keys: frozenset[str] = frozenset()

    def are_same(self, one: str, other: str) -> bool:
        """Report whether two attributes of one resource always have the same value."""
        return one == other or any(one in group and other in group for group in self.same)


# The attributes that equal `id`: one row for each group of types.
_ID_IS: tuple[tuple[str, str], ...] = (
    (
        "bucket",
        "aws_s3_bucket aws_s3_bucket_public_access_block aws_s3_bucket_policy aws_s3_bucket_ownership_controls "
        "aws_s3_bucket_notification aws_s3_bucket_replication_configuration",
    ),
    (
        "name",
        "aws_iam_role aws_iam_user aws_iam_group aws_iam_instance_profile aws_dynamodb_table aws_ssm_parameter "
        "aws_cloudwatch_log_group aws_db_subnet_group aws_db_parameter_group aws_elasticache_subnet_group "
        "aws_launch_configuration aws_autoscaling_group aws_ecr_repository aws_kms_alias "
        "postgresql_database postgresql_role vault_policy vault_password_policy cloudflare_r2_bucket",
    ),
    ("dashboard_name", "aws_cloudwatch_dashboard"),
    ("alarm_name", "aws_cloudwatch_metric_alarm aws_cloudwatch_composite_alarm"),
    ("function_name", "aws_lambda_function"),
    ("cluster_identifier", "aws_rds_cluster aws_redshift_cluster aws_docdb_cluster aws_neptune_cluster"),
    ("resource_id", "aws_db_instance"),
    ("cluster_id", "aws_elasticache_cluster"),
    ("replication_group_id", "aws_elasticache_replication_group"),
    (
        "arn",
        "aws_sns_topic aws_lb aws_alb aws_lb_target_group aws_alb_target_group aws_lb_listener aws_alb_listener "
        "aws_iam_policy aws_acm_certificate aws_ecs_cluster aws_ecs_service aws_secretsmanager_secret "
        "aws_sfn_state_machine aws_kinesis_firehose_delivery_stream",
    ),
    ("url", "aws_sqs_queue"),
    ("key_id", "aws_kms_key"),
    ("zone_id", "aws_route53_zone"),
    ("allocation_id", "aws_eip"),
    ("setting_id", "cloudflare_zone_setting"),
    ("path", "vault_mount vault_auth_backend vault_jwt_auth_backend vault_generic_secret vault_aws_secret_backend"),
    ("project_ref", "supabase_settings"),
    ("result", "random_string random_uuid random_uuid4 random_uuid7"),
    ("b64_url", "random_id"),
    ("rfc3339", "time_static time_offset time_rotating"),
    ("content_sha1", "local_file local_sensitive_file"),
)

# Further attributes that name the resource, beside `id`, `arn`, `uid` and those above.
_KEYS: tuple[tuple[str, str], ...] = (
    ("identifier", "aws_db_instance"),
    ("name", "aws_sns_topic aws_sqs_queue aws_ecs_cluster aws_iam_policy aws_secretsmanager_secret"),
    ("bucket_domain_name bucket_regional_domain_name", "aws_s3_bucket"),
    ("slug", "render_web_service render_private_service render_background_worker render_cron_job render_static_site"),
    ("url", "render_web_service render_private_service render_static_site"),
)

_GENERAL_KEYS = frozenset(("id", "arn", "uid"))


def identity(type_name: str, schema: Schema | None = None) -> Identity:
    """Return the identity of a managed resource type; with its schema, `keys` has only attributes that exist."""
    equal = _EQUAL.get(type_name, frozenset())
    keys = equal | _FURTHER.get(type_name, frozenset()) | _GENERAL_KEYS
    if schema is not None:
        equal &= schema.attributes.keys()
        keys &= schema.attributes.keys()
    return Identity((equal | {"id"},) if equal else (), keys)


def _by_type(rows: tuple[tuple[str, str], ...]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for attributes, types in rows:
        for type_name in types.split():
            found[type_name] = found.get(type_name, frozenset()) | frozenset(attributes.split())
    return found


_EQUAL = _by_type(_ID_IS)
_FURTHER = _by_type(_KEYS)


def equal_types() -> tuple[str, ...]:
    """Return the types with attributes that are always equal, sorted."""
    return tuple(sorted(_EQUAL))
