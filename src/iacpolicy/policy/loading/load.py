"""Finds policies in folders and loads them, without any registration.

A policy is a folder `<domain>/<policy-id>/`. It contains `<policy_id>.py` with `META` and a generator `check`, or
`policy.yaml`.
"""

import importlib.util
import inspect
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from msgspec.structs import replace

from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.policy.loading import time_limit
from iacpolicy.policy.loading.contained import contained
from iacpolicy.policy.loading.index import DeferredCheck, IndexEntry, meta_of, read_index
from iacpolicy.policy.loading.policy import Broken, Check, Policy, file_of, module_name
from iacpolicy.policy.meta import Meta

__all__ = ["catalogue_folder", "find_policies", "load_catalogue", "load_policies", "load_policy", "module_name"]

NOT_POLICIES = frozenset({"checkov", "__pycache__"})
MAX_DEPTH = 2
MAX_SOURCE = 1_000_000
IMPORT_SECONDS = time_limit.SECONDS


@cache
def catalogue_folder() -> Path:
    """Return the folder of the catalogue: inside the package in a wheel, at the top of a checkout."""
    package = Path(__file__).resolve().parents[2]
    shipped = package / "catalogue"
    return shipped if shipped.is_dir() else package.parents[1] / "policies"


def find_policies(folder: Path) -> dict[str, Path]:
    """Return the folders of policies under a folder by id; of several with one id the first."""
    found: dict[str, Path] = {}
    for path in policies_under(folder):
        found.setdefault(path.name, path)
    return found


def policies_under(folder: Path) -> list[Path]:
    """Return all folders of policies under a folder, sorted; an id may occur twice."""
    return list(_shipped()) if folder == catalogue_folder() else sorted(_candidates(folder))


@cache
def _shipped() -> tuple[Path, ...]:
    """Return the folders of the catalogue, which does not change during a run."""
    return tuple(sorted(_candidates(catalogue_folder())))


def _candidates(folder: Path) -> Iterator[Path]:
    if file_of(folder) is not None:
        yield folder
        return
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
            if file_of(path) is not None:
                yield path
            elif depth < MAX_DEPTH:
                pending.append((path, depth + 1))


def load_policy(folder: Path, options: Mapping[str, Any] | None = None) -> Policy | Broken:
    """Return the policy of one folder, or a Broken with the reason why it cannot be loaded."""
    file = file_of(folder)
    if file is None:
        return Broken(folder.name, folder, f"there is no {module_name(folder.name)}.py and no policy.yaml in it")
    try:
        if file.suffix == ".py":
            return policy_of(_module(file), folder, options)
        from iacpolicy.policy.yaml.load import load_yaml

        loaded = load_yaml(file)
    except time_limit.OutOfTime:
        return Broken(folder.name, folder, f"the import took more than {IMPORT_SECONDS:g} s")
    except KeyboardInterrupt:
        raise
    except BaseException as problem:
        return Broken(folder.name, folder, f"{type(problem).__name__}: {problem}")
    if isinstance(loaded, str):
        return Broken(folder.name, folder, loaded)
    meta, check = loaded
    return Policy(meta, check, folder, _options(meta, options))


def policy_of(module: ModuleType, folder: Path, options: Mapping[str, Any] | None = None) -> Policy | Broken:
    """Return the policy that a module defines, or a Broken with the reason why it defines none."""
    meta, check = getattr(module, "META", None), getattr(module, "check", None)
    if not isinstance(meta, Meta) or not callable(check):
        return Broken(folder.name, folder, "META must be a Meta, and check must be a generator function")
    try:
        # Convert the fields to their types, except the defaults of options.
        meta = replace(msgspec.convert(msgspec.to_builtins(meta), Meta), options=tuple(meta.options))
    except (msgspec.ValidationError, TypeError) as problem:
        return Broken(folder.name, folder, f"META is not valid: {str(problem).replace('`$.', '`META.')}")
    if meta.id != folder.name:
        return Broken(folder.name, folder, f'META.id is "{meta.id}", but the folder is "{folder.name}"')
    if not meta.on:
        return Broken(folder.name, folder, "META.on is empty, so the policy would check nothing")
    parameters = len(inspect.signature(check).parameters)
    if parameters not in (2, 3):
        return Broken(folder.name, folder, "check must take (resource, graph) or (resource, graph, options)")
    return Policy(meta, _with_options(check, parameters), folder, _options(meta, options))


def _with_options(check: Any, parameters: int) -> Check:
    """Return a check with the parameters (resource, graph, options) for one that may lack the last."""
    if parameters == 3:
        return check  # type: ignore[no-any-return]
    return lambda resource, graph, _options: check(resource, graph)


class _Options(dict[str, Any]):
    """The options of a policy; reading one that META does not define raises a LookupError."""

    def __missing__(self, name: str) -> Any:
        hint = did_you_mean(name, self, HintForm.ASIDE)
        raise LookupError(f'the policy reads an option "{name}" that its META does not define{hint}')


def _options(meta: Meta, given: Mapping[str, Any] | None) -> Mapping[str, Any]:
    settled = _Options({o.name: o.default for o in meta.options})
    settled.update(given or {})
    return settled


def _module(path: Path) -> ModuleType:
    name = f"{time_limit.POLICIES}{path.parent.parent.name.replace('-', '_')}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {path.name}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if path.is_relative_to(catalogue_folder()):
        spec.loader.exec_module(module)
    else:
        _run(path, module)
    return module


def _run(path: Path, module: ModuleType) -> None:
    """Run a module from its text; a compiled file in its folder may differ from the text."""
    data = path.read_bytes()
    if len(data) > MAX_SOURCE:
        raise ImportError(f"{path.name} has more than {MAX_SOURCE} bytes")
    with contained(), time_limit.watched(IMPORT_SECONDS), time_limit.limited_run(), _without_bytecode():
        exec(compile(data, str(path), "exec"), module.__dict__)  # noqa: S102 - a policy that may run


@contextmanager
def _without_bytecode() -> Iterator[None]:
    """Prevent compiled files in the folder of a policy, because a review does not cover them."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def load_policies(
    folders: Iterable[Path],
    options: Mapping[str, Mapping[str, Any]],
    wanted: Iterable[str] = (),
    skipped: Iterable[str] = (),
    *,
    later: bool = False,
) -> tuple[list[Policy], list[Broken]]:
    """Return the policies of some folders, sorted by id, and those that cannot be loaded.

    `wanted` and `skipped` select policies by id; an empty `wanted` means all. Of two policies with one id the first is
    loaded and the other is broken. With `later`, a policy of the catalogue with a valid index entry is imported for its
    first resource.
    """
    index = read_index(catalogue_folder()) if later else {}
    found, again = _by_id(folders)
    chosen = set(wanted) or set(found)
    policies: list[Policy] = []
    broken: list[Broken] = []
    for policy_id in sorted(chosen - set(skipped)):
        if policy_id not in found:
            continue
        folder, own = found[policy_id], options.get(policy_id)
        loaded = _indexed(folder, index, own) or load_policy(folder, own)
        if isinstance(loaded, Policy):
            policies.append(loaded)
        else:
            broken.append(loaded)
        broken += [_taken(path, found[policy_id]) for path in again.get(policy_id, ())]
    return policies, broken


def _indexed(folder: Path, index: Mapping[str, IndexEntry], options: Mapping[str, Any] | None) -> Policy | None:
    """Return a policy of the catalogue by its index entry, without an import; None if it has no valid entry."""
    meta = meta_of(folder, index) if index and folder.parent.parent == catalogue_folder() else None
    if meta is None:
        return None

    def load() -> Check:
        loaded = load_policy(folder)
        if isinstance(loaded, Broken):
            raise ImportError(loaded.reason)
        return loaded.check

    return Policy(meta, DeferredCheck(load), folder, _options(meta, options))


def _by_id(folders: Iterable[Path]) -> tuple[dict[str, Path], dict[str, list[Path]]]:
    """Return the first folder of each id, and the other folders with the same id."""
    found: dict[str, Path] = {}
    again: dict[str, list[Path]] = {}
    for folder in folders:
        for path in policies_under(folder):
            first = found.setdefault(path.name, path)
            if path is not first and path.resolve() != first.resolve():
                again.setdefault(path.name, []).append(path)
    return found, again


def _taken(path: Path, first: Path) -> Broken:
    own, other = ("/".join(folder.parts[-3:]) for folder in (path, first))
    return Broken(path.name, path, f"{own} has the same id as {other}, which was loaded; rename the folder and META.id")


def load_catalogue() -> list[Policy]:
    """Return the policies of the catalogue, sorted by id.

    Raises:
        RuntimeError: one of them cannot be loaded.
    """
    policies, broken = load_policies([catalogue_folder()], {})
    if broken:
        raise RuntimeError(f"{broken[0].id}: {broken[0].reason}")
    return policies
