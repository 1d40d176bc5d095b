"""Finding policies in folders and loading them: nothing registers itself.

A policy is a folder `<domain>/<policy-id>/` with `<policy_id>.py`, which holds `META` and a generator `check`.
"""

import importlib.util
import inspect
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from iacpolicy.policy.meta import Meta
from iacpolicy.policy.policy import Broken, Check, Policy

NOT_POLICIES = frozenset({"checkov", "__pycache__"})


def catalogue_folder() -> Path:
    """Where the policies that come with the package are: beside it in a wheel, at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "catalogue"
    return shipped if shipped.is_dir() else package.parents[1] / "policies"


def find_policies(folder: Path) -> dict[str, Path]:
    """The folders of policies by id, under a folder of domains or of policies."""
    found: dict[str, Path] = {}
    for path in sorted(_candidates(folder)):
        found[path.name] = path
    return found


def _candidates(folder: Path) -> Iterator[Path]:
    pending = [(folder, 0)]
    while pending:
        current, depth = pending.pop()
        try:
            entries = sorted(os.scandir(current), key=lambda e: e.name)
        except OSError:
            continue
        for entry in entries:
            if not entry.is_dir() or entry.name in NOT_POLICIES or entry.name.startswith("."):
                continue
            path = Path(entry.path)
            if (path / f"{module_name(entry.name)}.py").is_file():
                yield path
            elif depth < 2:
                pending.append((path, depth + 1))
    if (folder / f"{module_name(folder.name)}.py").is_file():
        yield folder


def module_name(policy_id: str) -> str:
    """The name of a policy's Python module."""
    return policy_id.replace("-", "_")


def load_policy(folder: Path, options: Mapping[str, Any] | None = None) -> Policy | Broken:
    """The policy of one folder, or why it cannot be loaded."""
    policy_id = folder.name
    try:
        module = _module(folder)
        meta = module.META
        check = module.check
    except Exception as problem:
        return Broken(policy_id, folder, f"{type(problem).__name__}: {problem}")
    if not isinstance(meta, Meta) or not callable(check):
        return Broken(policy_id, folder, "META must be a Meta, and check a generator function")
    if meta.id != policy_id:
        return Broken(policy_id, folder, f'META.id is "{meta.id}", but the folder is "{policy_id}"')
    settled = {o.name: o.default for o in meta.options}
    settled.update(options or {})
    return Policy(meta, _with_options(check), folder, settled)


def _with_options(check: Any) -> Check:
    """A check that takes (resource, graph) or (resource, graph, options), as one that takes all three."""
    parameters = len(inspect.signature(check).parameters)
    if parameters >= 3:
        return check  # type: ignore[no-any-return]
    return lambda resource, graph, _options: check(resource, graph)


def _module(folder: Path) -> ModuleType:
    path = folder / f"{module_name(folder.name)}.py"
    name = f"iacpolicy_policies.{folder.parent.name.replace('-', '_')}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {path.name}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def load_policies(
    folders: Iterable[Path],
    options: Mapping[str, Mapping[str, Any]],
    wanted: Iterable[str] = (),
    skipped: Iterable[str] = (),
) -> tuple[list[Policy], list[Broken]]:
    """The policies of some folders, sorted by id; of those `wanted` (none: all) without those `skipped`."""
    found: dict[str, Path] = {}
    for folder in folders:
        found.update(find_policies(folder))
    chosen = set(wanted) or set(found)
    policies: list[Policy] = []
    broken: list[Broken] = []
    for policy_id in sorted(chosen - set(skipped)):
        if policy_id not in found:
            continue
        loaded = load_policy(found[policy_id], options.get(policy_id))
        if isinstance(loaded, Policy):
            policies.append(loaded)
        else:
            broken.append(loaded)
    return policies, broken


def load_catalogue() -> list[Policy]:
    """The policies that come with the package, sorted by id.

    Raises:
        RuntimeError: one of them cannot be loaded.
    """
    policies, broken = load_policies([catalogue_folder()], {})
    if broken:
        raise RuntimeError(f"{broken[0].id}: {broken[0].reason}")
    return policies
