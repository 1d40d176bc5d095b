"""Modules and providers without a version constraint, or without an upper bound."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation, linear_regex
from iacpolicy.policy.library.required_providers import RequiredProvider, required_providers

# https://developer.hashicorp.com/terraform/language/modules/sources
REGISTRY = r"^(?:[a-z0-9.-]+\.[a-z]+(?::\d+)?/)?[0-9A-Za-z][0-9A-Za-z_-]*/[0-9A-Za-z][0-9A-Za-z_-]*/[0-9a-z]+(?://.*)?$"
REPOSITORY = r"^(?:git::|hg::|git@|github\.com[/:]|bitbucket\.org[/:])|^[^./].*\.git(?:$|//|\?)"
REVISION = r"[?&](?:ref|rev)=([^&]+)"
MOVING = ("main", "master", "trunk", "develop", "dev", "head", "latest", "stable", "default", "tip")

# The remediation by kind of source.
GIT = "Add a tag or a commit to the source, such as `?ref=v1.2.0`."
REGISTRY_MODULE = "Set `version` to a constraint with an upper bound, such as `~> 5.1`."
PROVIDER = "Set `version` in the entry of `required_providers`, such as `~> 5.1`."
LOCKED = "Set an upper bound, such as `~> 5.1`, or commit the lock file of the root module."

META = Meta(
    id="version-unpinned",
    title="Module or provider is not pinned to a version",
    severity=Severity.MEDIUM,
    on=("root", "module"),
    why=(
        "Without a version, `terraform init` downloads the newest release, or whatever was last pushed to the "
        "module's repository. That code runs with your deployment's credentials, and the applied plan can differ "
        "from the reviewed one."
    ),
    fix=f"Module from git: {GIT} Module from a registry: {REGISTRY_MODULE} Provider: {PROVIDER}",
    references=(
        "https://developer.hashicorp.com/terraform/language/expressions/version-constraints",
        "https://developer.hashicorp.com/terraform/language/modules/sources",
        "https://developer.hashicorp.com/terraform/language/files/dependency-lock",
    ),
)


def check(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """Report a module at its `source` or `version`, and a provider at its entry in `required_providers`."""
    if resource.kind == "root":
        for provider in required_providers(resource, graph):
            yield from _provider(provider)
    elif graph.is_first(resource):
        yield from _module(resource)


def _module(call: Resource) -> Iterator[Violation]:
    source, version = call["source"], call["version"]
    text = str(source.value) if source.is_known else ""
    if linear_regex(REPOSITORY).search(text) is not None:
        revision = linear_regex(REVISION).search(text)
        if revision is None:
            yield Violation("source names no revision, so the newest commit is used", at=source, fix=GIT)
        elif revision[1].removeprefix("refs/heads/").lower() in MOVING or revision[1].startswith("refs/heads/"):
            yield Violation(f"source follows the branch {revision[1]}, whose content can change", at=source, fix=GIT)
    elif linear_regex(REGISTRY).search(text) is not None:
        if version.is_null:
            yield Violation(
                "version is not set, so the newest release of the module is used", at=version, fix=REGISTRY_MODULE
            )
        elif version.is_known and not _has_upper_end(str(version.value)):
            yield Violation(
                "version has no upper bound, so the newest release of the module is used",
                at=version,
                fix=REGISTRY_MODULE,
            )


def _provider(provider: RequiredProvider) -> Iterator[Violation]:
    name, version = provider.name, provider.version
    is_bounded = provider.is_called or provider.is_locked
    if version.is_null:
        yield Violation(
            f"the provider {name} has no version, so the newest release is used", at=provider.entry, fix=PROVIDER
        )
    elif not is_bounded and version.is_known and not _has_upper_end(str(version.value)):
        yield Violation(
            f"the version of the provider {name} has no upper bound, and no lock file pins it", at=version, fix=LOCKED
        )


def _has_upper_end(constraint: str) -> bool:
    parts = [part.strip() for part in constraint.split(",")]
    return any(part and not part.startswith((">", "!=")) for part in parts)
