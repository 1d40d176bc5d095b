"""Resolve other names of policies: aliases, and the spelling with `_` that database linters use."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import structs
from msgspec.structs import replace

from iacpolicy.pipeline.context.request import Request
from iacpolicy.policy.loading.load import find_policies, load_policies
from iacpolicy.settings.settings import Settings

Rename = Callable[[str], str]


def renames(folders: Sequence[Path]) -> Rename:
    """Return a function from a name to the id of its policy; an unknown name stays."""
    known = {policy_id for folder in folders for policy_id in find_policies(folder)}

    def rename(name: str) -> str:
        if name in known or name.startswith(("CKV_", "CKV2_")):
            return name
        spelled = name.replace("_", "-")
        return spelled if spelled in known else _aliases(tuple(folders)).get(spelled, name)

    return rename


def by_ids(request: Request, settings: Settings, folders: Sequence[Path]) -> tuple[Request, Settings]:
    """Return the request and the settings with policy ids in place of other names."""
    rename = renames(folders)
    wanted, skipped = _renamed(request.wanted, rename), _renamed(request.skipped, rename)
    if (wanted, skipped) != (request.wanted, request.skipped):
        request = replace(request, wanted=wanted, skipped=skipped)
    skip = _renamed(settings.skip, rename)
    enabled = _renamed(settings.enabled, rename) if settings.enabled is not None else None
    policies = {rename(name): own for name, own in settings.policies.items()}
    if (skip, enabled) != (settings.skip, settings.enabled) or policies.keys() != settings.policies.keys():
        settings = structs.replace(settings, skip=skip, enabled=enabled, policies=policies)
    return request, settings


def _renamed(names: Iterable[str], rename: Rename) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rename(name) for name in names))


@lru_cache(maxsize=4)
def _aliases(folders: tuple[Path, ...]) -> dict[str, str]:
    """Return the ids by alias; this loads the policies, so it is called only for unknown names."""
    policies, _ = load_policies(folders, {})
    return {alias: policy.id for policy in policies for alias in policy.meta.aliases}
