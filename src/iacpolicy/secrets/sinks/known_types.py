"""Secrets of types whose schema is not at hand, or says less than the provider's own documentation.

Source: the pages of these resources at https://registry.terraform.io, as of November 2026.
"""

import re
from collections.abc import Mapping

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.schemas.catalogue import Catalogue, Mode
from iacpolicy.schemas.secret_names import tells_otherwise, words
from iacpolicy.schemas.sensitive import Path, SecretPaths
from iacpolicy.secrets.flow.pieces import Leaf

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
# What holds secrets and nothing else: a key in it need not say what it is.
_STORES = words(
    "data_json data_json_wo data_wo secret_string secret_string_wo secret_data secret_data_wo stringData "
    "sensitive_vars sensitive_config_vars"
)
LISTS_OF_SECRETS = words("set_sensitive set_wo")  # of names and values, all of which are secret
_DATA_STORES = frozenset((*_KUBERNETES, "vault_kv_secret", "vault_kv_secret_v2", "vault_generic_secret"))
# Where a resource that is called a secret has it, whoever's it is, while no schema says so.
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


def secret_paths(catalogue: Catalogue, mode: Mode | str, type_: str) -> SecretPaths:
    """What the schema says of a type, and what is known beside it."""
    told: SecretPaths = catalogue.secret_paths(mode, type_)  # type: ignore[arg-type]
    known = _PROVIDERS.get(type_) if mode == "provider" else _PATHS.get(type_) if mode == "resource" else None
    if mode in ("resource", "data") and is_called_secret(type_) and catalogue.schema(mode, type_) is None:
        known = (*(known or ()), *_VALUES)
    if known is None:
        return told
    return SecretPaths(told.sensitive.union(known), told.write_only, told.named, told.opaque)


def is_called_secret(type_: str) -> bool:
    """Whether a type is by its name a secret itself (`github_actions_secret`), not what uses or grants one."""
    name = type_[: _HELD.search(type_).start()]  # type: ignore[union-attr]
    provider, _, rest = name.partition("_")
    return bool(provider) and rest.rpartition("_")[2] in _HOLDERS and not rest.endswith("image_pull_secret")


def is_store(type_: str, path: Path, leaf: Leaf) -> bool:
    """Whether a value is the content of a store for secrets, the names in which are those of secrets."""
    names = (*path, *(s for s in leaf.steps[:1] if isinstance(s, str)))
    if not _STORES.isdisjoint(names) or (type_ in _DATA_STORES and path[:1] == ("data",)):
        return True
    return path[:1] in _VALUES and is_called_secret(type_.removeprefix("data."))


def is_public_name(name: str) -> bool:
    """Whether a name says that its value is there to be seen: keys for everybody, proofs that stand in the DNS."""
    if _SITE_KEY.fullmatch(name[:200]):
        return True
    return not _PUBLIC.isdisjoint(name.lower().replace("-", "_").split("_"))


__all__ = ["LISTS_OF_SECRETS", "is_public_name", "is_store", "secret_paths", "tells_otherwise"]
