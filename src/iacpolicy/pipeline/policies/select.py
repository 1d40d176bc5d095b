"""Select the policies that run."""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.gate import governance
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.context.run_rules import RulesRevision
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.policies.trust import repository_policies
from iacpolicy.pipeline.prepare.prepare import one_line
from iacpolicy.policy.loading.installed import installed_folders
from iacpolicy.policy.loading.load import catalogue_folder, find_policies, load_policies, policies_under
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.settings.policy_settings import check_policies
from iacpolicy.settings.settings import Settings


def select_policies(
    request: Request, settings: Settings, base: RulesRevision | None = None
) -> tuple[list[Policy], list[Diagnostic]]:
    """Return the policies that run, and an error for each that cannot be loaded or is not trusted.

    Raises:
        UsageError: a requested id does not exist, or the settings have a wrong id or option.
    """
    sources = policy_sources(request, settings, base)
    known = {policy_id for folder in sources.folders for policy_id in find_policies(folder)}
    known_ids = {*known, *sources.refused, *governance.POLICIES}
    for name in (*request.wanted, *request.skipped):
        if name not in known_ids and not name.startswith(("CKV_", "CKV2_")):
            hint = did_you_mean(name, known_ids, HintForm.ASIDE)
            raise UsageError(f'There is no policy "{name}"{hint}. `iacpolicy policies` lists all policies.')
    options = {policy_id: own.options for policy_id, own in settings.policies.items()}
    wanted = request.wanted or settings.enabled or ()
    policies, broken = load_policies(sources.folders, options, wanted, (*request.skipped, *settings.skip), later=True)
    if settings.policies or settings.enabled or settings.skip:
        _check_settings(settings, sources)
    trouble = [error(f"Policy {b.id} cannot be loaded", f"{_line(b.reason)}. The other policies ran.") for b in broken]
    return policies, [*trouble, *sources.diagnostics]


def _line(reason: str) -> str:
    return reason.replace("\n", "; ").rstrip(".")


class PolicySources(msgspec.Struct, frozen=True):
    """The folders of policies, where the first policy of an id counts; `refused` are ids of untrusted policies."""

    folders: tuple[Path, ...]
    refused: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


def policy_sources(request: Request, settings: Settings, base: RulesRevision | None = None) -> PolicySources:
    """Return the catalogue and the policies of the command line, of installed packages and of the settings.

    With a base, policies in the repository come from the base and need no trust.

    Raises:
        UsageError: a directory does not exist, or a directory of the command line contains no policy.
    """
    for folder, named in zip(request.policy_dirs, base.named if base is not None else request.policy_dirs, strict=True):
        if not policies_under(named):
            where = f"{folder} in {base}" if base is not None and folder != named else f"{folder}"
            raise UsageError(f"There is no policy in {where}. Give the directory that contains the policy folders.")
    installed, lost = installed_folders()
    problems = [error("Installed policies cannot be found", f"{b.reason}.") for b in lost]
    if base is not None:
        return PolicySources((catalogue_folder(), *base.named, *installed, *base.own), frozenset(), tuple(problems))
    own = repository_policies(request, settings)
    folders = (catalogue_folder(), *request.policy_dirs, *installed, *own.folders)
    return PolicySources(folders, frozenset(own.refused), (*problems, *own.diagnostics))


def _check_settings(settings: Settings, sources: PolicySources) -> None:
    """Check the settings of all policies that can be loaded.

    Raises:
        UsageError: the settings have a wrong id or option.
    """
    everything, broken = load_policies(sources.folders, {})
    unread = sources.refused | {b.id for b in broken}
    about = replace(
        settings,
        policies={name: own for name, own in settings.policies.items() if name not in unread},
        enabled=tuple(name for name in settings.enabled if name not in unread) if settings.enabled else None,
        skip=tuple(name for name in settings.skip if name not in unread),
    )
    problems = check_policies(about, {**governance.POLICIES, **{p.id: p.meta for p in everything}})
    if problems:
        raise UsageError("\n".join(one_line(p) for p in problems))
