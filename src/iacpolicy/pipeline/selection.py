"""Which policies run."""

from pathlib import Path

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.gate import governance
from iacpolicy.pipeline.preparation import told
from iacpolicy.pipeline.request import Request
from iacpolicy.pipeline.usage import UsageError
from iacpolicy.policy.load import catalogue_folder, find_policies, load_policies
from iacpolicy.policy.policy import Policy
from iacpolicy.settings.model import Settings
from iacpolicy.settings.policies import check_policies
from iacpolicy.settings.suggest import did_you_mean


def select_policies(request: Request, settings: Settings) -> tuple[list[Policy], list[Diagnostic]]:
    """The policies that run, and a diagnostic for each that cannot be loaded.

    Raises:
        UsageError: an id that was asked for does not exist, or the settings name a wrong one or a wrong option.
    """
    folders = [catalogue_folder(), *request.policy_dirs]
    known: dict[str, Path] = {}
    for folder in folders:
        known.update(find_policies(folder))
    known_ids = {*known, *governance.POLICIES}
    for name in (*request.wanted, *request.skipped):
        if name not in known_ids and not name.startswith(("CKV_", "CKV2_")):
            raise UsageError(
                f'There is no policy "{name}"{did_you_mean(name, known_ids)}. `iacpolicy policies` lists them all.'
            )
    options = {policy_id: own.options for policy_id, own in settings.policies.items()}
    wanted = request.wanted or settings.enabled or ()
    policies, broken = load_policies(folders, options, wanted, (*request.skipped, *settings.skip))
    if settings.policies or settings.enabled or settings.skip:
        everything, _ = load_policies(folders, {})
        problems = check_policies(settings, {p.id: p.meta for p in everything})
        if problems:
            raise UsageError("\n".join(told(p) for p in problems))
    trouble = [error(f"Policy {b.id} cannot be loaded", f"{b.reason}. The other policies ran.") for b in broken]
    return policies, trouble
