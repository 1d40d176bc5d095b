"""Paths of secrets in known types."""

import pytest

from iacpolicy.schemas.catalogue import Catalogue, SchemaMode

_CATALOGUE = Catalogue()


@pytest.mark.parametrize(
    ("mode", "type_name", "kind", "path"),
    [
        ("resource", "render_web_service", "sensitive", "env_vars.value"),
        ("resource", "render_web_service", "sensitive", "secret_files.content"),
        ("resource", "supabase_project", "sensitive", "database_password"),
        ("resource", "supabase_settings", "opaque", "auth"),
        ("resource", "postgresql_role", "sensitive", "password"),
        ("resource", "postgresql_role", "write_only", "password_wo"),
        ("resource", "postgresql_server", "opaque", "options"),
        ("resource", "vault_kv_secret_v2", "sensitive", "data_json"),
        ("resource", "vault_kv_secret_v2", "write_only", "data_json_wo"),
        ("resource", "grafana_contact_point", "sensitive", "slack.token"),
        ("resource", "grafana_data_source", "opaque", "json_data_encoded"),
        ("resource", "grafana_rule_group", "opaque", "rule.data.model"),
        ("resource", "aws_db_instance", "sensitive", "password"),
        ("resource", "aws_ssm_parameter", "opaque", "insecure_value"),
        ("resource", "aws_instance", "opaque", "user_data"),
        ("resource", "random_password", "sensitive", "result"),
        ("resource", "tls_private_key", "sensitive", "private_key_pem"),
        ("resource", "local_file", "opaque", "content"),
        ("resource", "local_sensitive_file", "sensitive", "content"),
        ("resource", "terraform_data", "opaque", "input"),
        ("data", "aws_ssm_parameter", "sensitive", "value"),
        ("data", "http", "opaque", "request_headers"),
        ("data", "http", "named", "client_key_pem"),
        ("provider", "vault", "named", "token"),
        ("provider", "aws", "named", "secret_key"),
        ("provider", "cloudflare", "sensitive", "api_token"),
    ],
)
def test_a_known_secret_is_found(mode: SchemaMode, type_name: str, kind: str, path: str) -> None:
    """The providers' documentation says that this holds, or can hold, a secret."""
    assert tuple(path.split(".")) in getattr(_CATALOGUE.secret_paths(mode, type_name), kind)


@pytest.mark.parametrize(
    ("type_name", "path"),
    [
        ("render_web_service", "name"),
        ("aws_s3_bucket", "bucket"),
        ("aws_db_instance", "manage_master_user_password"),
        ("aws_secretsmanager_secret", "name"),
        ("vault_mount", "default_lease_ttl_seconds"),
        ("cloudflare_dns_record", "content_hash"),
        ("vault_aws_secret_backend_role", "credential_type"),
    ],
)
def test_other_attributes_are_not(type_name: str, path: str) -> None:
    """Names, switches and times are no secrets."""
    paths = _CATALOGUE.secret_paths("resource", type_name)
    assert not paths.is_secret(tuple(path.split(".")))


def test_a_secret_inside_a_secret() -> None:
    """A part of a sensitive attribute is sensitive."""
    paths = _CATALOGUE.secret_paths("resource", "render_postgres")
    assert ("connection_info",) in paths.sensitive
    assert ("connection_info", "password") in paths.sensitive
    assert paths.is_secret(("connection_info", "anything"))
    opaque = _CATALOGUE.secret_paths("resource", "random_pet")
    assert opaque.is_opaque(("keepers", "anything"))


def test_no_facts_no_secrets() -> None:
    """A type without a schema has no secrets by schema."""
    assert not _CATALOGUE.secret_paths("resource", "unknown_type").is_secret(("password",))


def test_the_kinds_do_not_overlap() -> None:
    """An attribute that the provider marks is neither named nor opaque, so that a literal is reported once."""
    for provider in ("aws", "cloudflare", "grafana", "render", "vault"):
        for type_name in _CATALOGUE.types("resource", provider):
            paths = _CATALOGUE.secret_paths("resource", type_name)
            marked = paths.sensitive | paths.write_only
            assert not marked & (paths.named | paths.opaque)
            assert not paths.named & paths.opaque
