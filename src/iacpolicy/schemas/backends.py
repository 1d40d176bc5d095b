"""Facts about Terraform's backends: location, locking, encryption and separation of the state.

Facts hold for Terraform 1.11; the documentation of each backend is its `url`.
"""

from typing import Any, Literal

import msgspec

Path = tuple[str, ...]
_DOCS = "https://developer.hashicorp.com/terraform/language/backend/"
_OLD_DOCS = "https://developer.hashicorp.com/terraform/language/v1.2.x/settings/backends/"


class Switch(msgspec.Struct, frozen=True, gc=False):
    """An argument that turns something on: by `true`, or (`by_presence`) by any value that is not empty."""

    argument: str
    default: bool = False
    by_presence: bool = False
    deprecated: bool = False

    def is_on(self, value: Any) -> bool:
        """Report whether the argument with this known value (None where absent) turns the feature on.

        A bool that is written as a string counts as Terraform converts it.
        """
        if value is None:
            return self.default
        return value not in ("", False) if self.by_presence else value in (True, "true", "1", 1)


class Feature(msgspec.Struct, frozen=True, gc=False):
    """The conditions under which a backend locks or encrypts the state.

    `always`: by itself. `switch`: when one of `switches` is on. `never`: it cannot.
    `service`: it depends on settings of the service that no argument shows.
    """

    how: Literal["always", "switch", "never", "service"]
    switches: tuple[Switch, ...] = ()


class StateLocation(msgspec.Struct, frozen=True, gc=False):
    """One of the arguments that together locate the state; `default` is None without one."""

    argument: str
    default: str | None = None


class Backend(msgspec.Struct, frozen=True, gc=False):
    """One backend type (`cloud` is the block of that name, which is not written as a backend).

    `remote`: the state can be shared by several people. `removed_in`: the Terraform version without it. `credentials`:
    arguments that are secrets; `urls`: arguments that may contain a password. `workspaces`: each workspace has its own
    state ("separate"), there is only one state ("none"), or it depends on the `workspaces` block ("by_block").
    `workspace_argument` locates the states of the other workspaces. `required`: arguments that the block or
    `-backend-config` must set. `environment`: those that environment variables may set too.
    """

    type: str
    remote: bool
    locking: Feature
    encryption: Feature
    place: tuple[StateLocation, ...]
    required: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    credentials: tuple[Path, ...] = ()
    urls: tuple[Path, ...] = ()
    workspaces: Literal["separate", "none", "by_block"] = "separate"
    workspace_argument: StateLocation | None = None
    deprecated: tuple[str, ...] = ()
    removed_in: str | None = None

    @property
    def url(self) -> str:
        """The documentation of this backend."""
        if self.type == "cloud":
            return "https://developer.hashicorp.com/terraform/language/terraform#cloud"
        return (_DOCS if self.removed_in is None else _OLD_DOCS) + self.type


def backend(type_name: str) -> Backend | None:
    """Return the facts about a backend type, None where there is no such backend."""
    return _BY_TYPE.get(type_name)


def backend_types() -> tuple[str, ...]:
    """Return the backend types that `terraform init` accepts, sorted; for suggestions."""
    return tuple(sorted(b.type for b in _BACKENDS if b.removed_in is None and b.type != "cloud"))


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(tuple(path.split(".")) for path in text.split())


def _locations(text: str) -> tuple[StateLocation, ...]:
    """Return the arguments in a text such as `bucket key=terraform.tfstate`, each with its default."""
    parts = (part.partition("=") for part in text.split())
    return tuple(StateLocation(name, default if equals else None) for name, equals, default in parts)


def _removed(type_name: str, locking: Feature, place: str, credentials: str, **more: Any) -> Backend:
    return Backend(
        type_name, True, locking, _SERVICE, _locations(place), credentials=_paths(credentials), removed_in="1.3", **more
    )


_ALWAYS = Feature("always")
_NEVER = Feature("never")
_SERVICE = Feature("service")

_BACKENDS = (
    Backend(
        "local",
        remote=False,
        locking=_ALWAYS,
        encryption=_NEVER,
        place=_locations("path=terraform.tfstate"),
        workspace_argument=StateLocation("workspace_dir", "terraform.tfstate.d"),
    ),
    Backend(
        "cloud",
        remote=True,
        locking=_ALWAYS,
        encryption=_ALWAYS,
        place=_locations("hostname=app.terraform.io organization workspaces"),
        environment=("organization", "workspaces"),
        credentials=_paths("token"),
        workspaces="by_block",
    ),
    Backend(
        "remote",
        remote=True,
        locking=_ALWAYS,
        encryption=_ALWAYS,
        place=_locations("hostname=app.terraform.io organization workspaces"),
        required=("organization", "workspaces"),
        credentials=_paths("token"),
        workspaces="by_block",
    ),
    Backend(
        "s3",
        remote=True,
        locking=Feature(
            "switch", (Switch("use_lockfile"), Switch("dynamodb_table", by_presence=True, deprecated=True))
        ),
        encryption=Feature("switch", (Switch("encrypt"),)),
        place=_locations("bucket key region"),
        required=("bucket", "key"),
        environment=("region",),
        credentials=_paths(
            "access_key secret_key token sse_customer_key assume_role_with_web_identity.web_identity_token"
        ),
        urls=_paths("http_proxy https_proxy"),
        workspace_argument=StateLocation("workspace_key_prefix", "env:"),
        deprecated=(
            "dynamodb_table",
            "dynamodb_endpoint",
            "endpoint",
            "iam_endpoint",
            "sts_endpoint",
            "shared_credentials_file",
            "force_path_style",
        ),
    ),
    Backend(
        "gcs",
        remote=True,
        locking=_ALWAYS,
        encryption=_ALWAYS,
        place=_locations("bucket prefix="),
        required=("bucket",),
        credentials=_paths("credentials access_token encryption_key"),
    ),
    Backend(
        "azurerm",
        remote=True,
        locking=_ALWAYS,
        encryption=_ALWAYS,
        place=_locations("storage_account_name container_name key"),
        required=("storage_account_name", "container_name", "key"),
        credentials=_paths(
            "access_key sas_token client_secret client_certificate client_certificate_password "
            "oidc_token oidc_request_token"
        ),
    ),
    Backend(
        "consul",
        remote=True,
        locking=Feature("switch", (Switch("lock", default=True),)),
        encryption=_SERVICE,
        place=_locations("address datacenter path"),
        required=("path",),
        credentials=_paths("access_token http_auth"),
        urls=_paths("address"),
    ),
    Backend(
        "cos",
        remote=True,
        locking=_ALWAYS,
        encryption=Feature("switch", (Switch("encrypt", default=True),)),
        place=_locations("bucket prefix= key=terraform.tfstate"),
        required=("bucket",),
        environment=("region",),
        credentials=_paths("secret_id secret_key security_token"),
    ),
    Backend(
        "http",
        remote=True,
        locking=Feature("switch", (Switch("lock_address", by_presence=True),)),
        encryption=_SERVICE,
        place=_locations("address"),
        environment=("address", "lock_address"),
        credentials=_paths("password client_private_key_pem"),
        urls=_paths("address lock_address unlock_address"),
        workspaces="none",
    ),
    Backend(
        "kubernetes",
        remote=True,
        locking=_ALWAYS,
        encryption=_SERVICE,
        place=_locations("host config_path config_context namespace=default secret_suffix"),
        required=("secret_suffix",),
        credentials=_paths("password token client_key"),
        urls=_paths("proxy_url"),
    ),
    Backend(
        "oci",
        remote=True,
        locking=_ALWAYS,
        encryption=_ALWAYS,
        place=_locations("namespace bucket key=terraform.tfstate"),
        required=("bucket", "namespace"),
        credentials=_paths("private_key private_key_password sse_customer_key"),
        workspace_argument=StateLocation("workspace_key_prefix", "tf-state-env"),
    ),
    Backend(
        "oss",
        remote=True,
        locking=Feature("switch", (Switch("tablestore_table", by_presence=True),)),
        encryption=Feature("switch", (Switch("encrypt"),)),
        place=_locations("bucket prefix=env: key=terraform.tfstate"),
        required=("bucket",),
        environment=("tablestore_endpoint",),
        credentials=_paths("access_key secret_key security_token"),
    ),
    Backend(
        "pg",
        remote=True,
        locking=_ALWAYS,
        encryption=_SERVICE,
        place=_locations("conn_str schema_name=terraform_remote_state"),
        environment=("conn_str",),
        urls=_paths("conn_str"),
    ),
    _removed("artifactory", _NEVER, "url repo subpath", "password", workspaces="none"),
    _removed("etcd", _NEVER, "endpoints path", "password", workspaces="none"),
    _removed("etcdv3", Feature("switch", (Switch("lock", default=True),)), "endpoints prefix=", "password"),
    _removed("manta", _ALWAYS, "account path object_name=terraform.tfstate", "key_material"),
    _removed("swift", _ALWAYS, "container state_name=tfstate.tf", "password token application_credential_secret"),
)
_BY_TYPE = {b.type: b for b in _BACKENDS}
