"""Secret arguments that no shipped schema has, from the documentation of the providers.

Source: the pages of these resources at https://registry.terraform.io, as of November 2026.
"""

import re
from collections.abc import Mapping

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.schemas.catalogue import Catalogue, SchemaMode
from iacpolicy.schemas.secret_names import is_harmless_name, words
from iacpolicy.schemas.sensitive import Path, SecretPaths
from iacpolicy.secrets.flow.literals import LiteralString
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.config import Mode, ResourceConfig
from iacpolicy.terraform.load import literal

_GITHUB = dict.fromkeys(
    words(
        "github_actions_secret github_actions_environment_secret github_actions_organization_secret "
        "github_dependabot_secret github_dependabot_organization_secret github_codespaces_secret"
    ),
    (("plaintext_value",),),
)
_KUBERNETES = dict.fromkeys(
    words("kubernetes_secret kubernetes_secret_v1 kubernetes_secret_v1_data"), (("data",), ("data_wo",))
)
_PATHS: Mapping[str, tuple[Path, ...]] = {
    **_GITHUB,
    **_KUBERNETES,
    "aws_amplify_app": (("basic_auth_credentials",), ("access_token",), ("oauth_token",)),
    "aws_amplify_branch": (("basic_auth_credentials",),),
    "aws_cloudwatch_event_connection": (("auth_parameters", "api_key", "value"),),
    "aws_elasticache_replication_group": (("auth_token",),),
    "aws_kms_ciphertext": (("plaintext",),),
    "azurerm_container_app": (("secret", "value"),),
    "azurerm_key_vault_secret": (("value",), ("value_wo",)),
    "doppler_secret": (("value",),),
    "google_secret_manager_secret_version": (("secret_data",), ("secret_data_wo",)),
    "google_secret_manager_regional_secret_version": (("secret_data",), ("secret_data_wo",)),
    "helm_release": (("set_sensitive", "value"), ("set_wo", "value"), ("repository_password",)),
    "heroku_app": (("sensitive_config_vars",),),
    "heroku_config": (("sensitive_vars",),),
    "infisical_secret": (("value",),),
    "kubernetes_manifest": (("manifest", "stringData"),),
    "vault_approle_auth_backend_login": (("secret_id",),),
    "vault_approle_auth_backend_role_secret_id": (("secret_id",),),
    "vault_generic_endpoint": (("data_json",),),
}
_PROVIDERS: Mapping[str, tuple[Path, ...]] = {
    "vault": (("auth_login", "parameters", "secret_id"), ("auth_login", "parameters", "password")),
}
# Arguments that hold only secrets, whatever their keys.
_STORES = words(
    "data_json data_json_wo data_wo secret_string secret_string_wo secret_data secret_data_wo stringData "
    "sensitive_vars sensitive_config_vars"
)
LISTS_OF_SECRETS = words("set_sensitive set_wo")  # lists of names and secret values
_DATA_STORES = frozenset((*_KUBERNETES, "vault_kv_secret", "vault_kv_secret_v2", "vault_generic_secret"))
# Arguments with the secret in resources whose type is named like a secret, where there is no schema.
_VALUES: tuple[Path, ...] = tuple(
    (name,)
    for name in sorted(
        words(
            "value value_wo plaintext_value plaintext plain_text secret_data secret_data_wo secret_value secret_string "
            "string_value string_data data data_wo binary_data binary_data_wo"
        )
    )
)
_HOLDERS = words("secret secrets password passwords credential credentials")
_HELD = lazy_pattern(r"(?:_(?:v[0-9]{1,3}|version|versions|data|value|item))*\Z")
_SITE_KEY = lazy_pattern(r"(?:.{0,80}[_-])?site[_-]?key(?:[_-].{0,40})?", re.IGNORECASE)

_PUBLIC = words("public publishable anon verification validation challenge dkim nonce sync")


def schema_mode(resource: ResourceConfig) -> SchemaMode:
    """Return the mode of a resource as the catalogue of schemas names it."""
    match resource.mode:
        case Mode.DATA:
            return "data"
        case Mode.EPHEMERAL:
            return "ephemeral"
        case _:
            return "resource"


def is_plain_parameter(block: ConfigBlock, type_: str) -> bool:
    """Return whether the type of an SSM parameter says that its value is no secret.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/param-create-cli.html
    """
    return type_ == "aws_ssm_parameter" and literal(block.attributes.get("type")) in ("String", "StringList")


def secret_paths(catalogue: Catalogue, mode: SchemaMode | str, type_: str) -> SecretPaths:
    """Return the secret paths of a type from its schema, extended by the tables of this module."""
    by_schema: SecretPaths = catalogue.secret_paths(mode, type_)  # type: ignore[arg-type]
    known = _PROVIDERS.get(type_) if mode == "provider" else _PATHS.get(type_) if mode == "resource" else None
    if mode in ("resource", "data") and is_called_secret(type_) and catalogue.schema(mode, type_) is None:
        known = (*(known or ()), *_VALUES)
    if known is None:
        return by_schema
    return SecretPaths(by_schema.sensitive.union(known), by_schema.write_only, by_schema.named, by_schema.opaque)


def is_called_secret(type_: str) -> bool:
    """Return whether a type is a secret itself by its name, such as `github_actions_secret`."""
    name = type_[: _HELD.search(type_).start()]  # type: ignore[union-attr]
    provider, _, rest = name.partition("_")
    return bool(provider) and rest.rpartition("_")[2] in _HOLDERS and not rest.endswith("image_pull_secret")


def is_store(type_: str, path: Path, string: LiteralString) -> bool:
    """Return whether a value is an entry of a store of secrets."""
    names = (*path, *(s for s in string.path[:1] if isinstance(s, str)))
    if not _STORES.isdisjoint(names) or (type_ in _DATA_STORES and path[:1] == ("data",)):
        return True
    return path[:1] in _VALUES and is_called_secret(type_.removeprefix("data."))


def is_public_name(name: str) -> bool:
    """Return whether a name is that of a public value, such as a public key or a DNS verification record."""
    if _SITE_KEY.fullmatch(name[:200]):
        return True
    return not _PUBLIC.isdisjoint(name.lower().replace("-", "_").split("_"))


__all__ = ["LISTS_OF_SECRETS", "is_harmless_name", "is_public_name", "is_store", "secret_paths"]
