"""Secrets and sources of secrets that the settings allow, with the reason."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.secrets.secret import CellSecrets, FoundSecrets, Secret, SecretSource
from iacpolicy.settings.name_patterns import excludes, matches_name
from iacpolicy.settings.settings import SecretSettings

_NAMING = ("var.", "local.", "output.")
_VAULT = "vault_"

_KEY = lazy_pattern(r'\[(?:"(?:[^"\\]|\\.)*+"|[0-9*]+)\]')
_MODULES = lazy_pattern(r"(?:module\.[\w-]+\.)+")

PathsOf = Callable[[str], set[str]]


def secrets_by_cell(
    found: FoundSecrets, graphs: Sequence[Graph], settings: SecretSettings
) -> Mapping[int, CellSecrets]:
    """Return the secrets of each cell by its index, each secret with the reason where settings allow it."""
    if settings == SecretSettings():
        return {graph.index: CellSecrets(found.of_cell(graph.index)) for graph in graphs}
    by_cell: dict[int, CellSecrets] = {}
    for graph in graphs:
        paths = _VaultPaths(graph)
        secrets = tuple(allowed(secret, settings, paths) for secret in found.of_cell(graph.index))
        by_cell[graph.index] = CellSecrets(secrets, _source_test(settings, paths))
    return by_cell


def allowed(secret: Secret, settings: SecretSettings, paths_of: PathsOf = lambda address: set()) -> Secret:
    """Return the secret with the reason for which settings allow it, else unchanged.

    A secret is allowed by its file, by its variable, or if settings allow all of its sinks.
    """
    if secret.allowed is not None:
        return secret
    path = secret.place.path if secret.place is not None else ""
    reason = next((why for pattern, why in settings.allowed_files.items() if path and excludes([pattern], path)), None)
    if reason is None:
        reason = _reason_of_names(settings.allowed_variables, _variables(secret, path))
    if reason is None:
        reason = _reason_of_sinks(secret, settings, paths_of)
    return replace(secret, allowed=reason) if reason is not None else secret


def _reason_of_names(patterns: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((why for name in names for pattern, why in patterns.items() if matches_name(pattern, name)), None)


def _variables(secret: Secret, path: str) -> Iterator[str]:
    """Yield the variable in whose default, var-file line or environment file line a secret is written."""
    parts = secret.name.split(".")
    if parts[0] == "variable" and len(parts) > 1:
        yield parts[1]
    elif ".tfvars" in path:
        yield parts[0]
    elif secret.name.startswith(f"{path}.") and secret.address == path:
        yield secret.name.removeprefix(f"{path}.")


def _reason_of_sinks(secret: Secret, settings: SecretSettings, paths_of: PathsOf) -> str | None:
    """Return the reason that allows all sinks of a secret; variables, locals and outputs are not sinks."""
    sinks = [a for a in (secret.addresses or (secret.address,)) if a]
    sinks = [a for a in sinks if not a.rpartition("module.")[2].startswith(_NAMING)] or sinks
    reasons = [_reason_of_sink(address, secret.attribute, settings, paths_of) for address in sinks]
    return reasons[0] if reasons and None not in reasons else None


def _reason_of_sink(address: str, attribute: str, settings: SecretSettings, paths_of: PathsOf) -> str | None:
    whole = _static(f"{address}.{attribute}" if attribute else address)
    reason = _reason_of_names(settings.allowed_arguments, (whole, _MODULES.sub("", whole, 1)))
    if reason is not None or not settings.allowed_paths:
        return reason
    paths = paths_of(address)
    reasons = [_reason_of_names(settings.allowed_paths, (path, _short(path))) for path in sorted(paths)]
    return reasons[0] if reasons and None not in reasons else None


def _static(address: str) -> str:
    """Return an address without the keys of instances."""
    return _KEY.sub("", address)


def _short(path: str) -> str:
    """Return a path of Vault's key-value store version 2 without `data`, as `vault kv` takes it."""
    mount, _, rest = path.partition("/data/")
    return f"{mount}/{rest}" if rest else path


def _source_test(settings: SecretSettings, paths: "_VaultPaths") -> Callable[[SecretSource], bool]:
    def is_allowed(source: SecretSource) -> bool:
        if source.kind == "variable":
            return _reason_of_names(settings.allowed_variables, [source.name.removeprefix("var.")]) is not None
        found = sorted(paths(source.address))
        reasons = [_reason_of_names(settings.allowed_paths, (path, _short(path))) for path in found]
        return bool(reasons) and None not in reasons

    return is_allowed


class _VaultPaths:
    """The Vault paths that the blocks of a graph write or read, by the address of the block without instance keys."""

    def __init__(self, graph: Graph) -> None:
        self._nodes: dict[str, list[Node]] = {}
        for node in graph.nodes:
            if node.type.startswith(_VAULT) and node.body is not None:
                self._nodes.setdefault(_static(node.address), []).append(node)

    def __call__(self, address: str) -> set[str]:
        return {_path(node) for node in self._nodes.get(_static(address), ())}


def _path(node: Node) -> str:
    """Return the path that a block writes or reads; empty where it is unknown, and then no pattern allows it.

    https://registry.terraform.io/providers/hashicorp/vault/latest/docs
    """
    path = _text(node, "path")
    mount, name = _text(node, "mount") or _text(node, "backend"), _text(node, "name")
    if not mount or not name:
        return path.strip("/")
    between = "/data/" if node.type == "vault_kv_secret_v2" else "/"
    return f"{mount.strip('/')}{between}{name.strip('/')}"


def _text(node: Node, name: str) -> str:
    value = node.body.attribute(name) if node.body is not None else None
    return value.data if value is not None and isinstance(value.data, str) else ""
