"""`--since`: compare the head with the commit where it started to differ from a revision."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from iacpolicy.core.diagnostics import Diagnostic, Level, error, warning
from iacpolicy.core.git import GitError, GitTree, merge_base
from iacpolicy.engine.findings import Finding
from iacpolicy.gate.comparison import against
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.judge.judge import judge
from iacpolicy.pipeline.prepare.prepare import Prepared, prepare
from iacpolicy.policy.loading.policy import Policy

SUFFIXES = (".tf", ".tofu", ".json", ".tfvars", ".sql", ".toml", ".yaml", ".yml", ".tfbackend")


class Compared(msgspec.Struct, frozen=True):
    """The findings of the head, each new or known, and the findings of the base that the head has fixed.

    `fixed` is None without a base. `diagnostics` are the problems of reading the base.
    """

    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...] | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


def compare(findings: tuple[Finding, ...], head: Prepared, policies: Sequence[Policy]) -> Compared:
    """Compare the findings of the head with those of its base, the merge base with the revision `since`.

    Without `since`, return the findings unchanged. Both sides are evaluated completely, with the settings of the head.

    Raises:
        UsageError: the revision does not exist, or has no merge base with the head.
    """
    request = head.request
    if request.since is None:
        return Compared(findings)
    try:
        commit = merge_base(request.root, request.since)
    except GitError as problem:
        reason = str(problem)
        raise UsageError(
            f"--since {request.since}: {reason or 'there is no such revision'}. Name a branch, tag or commit "
            "of this repository; in a shallow clone, fetch the history first."
        ) from None
    tree = GitTree(request.root, commit)
    try:
        tree.prefetch(SUFFIXES)
        base_request = replace(request, since=None, checkov="off", var_files=_present(request.var_files, tree))
        base = judge(prepare(base_request, head.settings, tree, head.base), policies)
    except GitError as problem:
        detail = f"Commit {commit[:12]}, the base of --since {request.since}, cannot be read: {problem}."
        return Compared(findings, (), (error("Base cannot be read", detail),))
    compared = against(findings, base.findings)
    unread = sum(d.severity is Level.ERROR for d in base.diagnostics)
    return Compared(compared.findings, compared.fixed, (_incomplete_base(unread, commit),) if unread else ())


def _incomplete_base(unread: int, commit: str) -> Diagnostic:
    return warning(
        "Base could not be read completely",
        f"{unread} {'part' if unread == 1 else 'parts'} of commit {commit[:12]} could not be read or "
        "evaluated, so known findings may count as new.",
    )


def _present(paths: Sequence[str], tree: GitTree) -> tuple[str, ...]:
    return tuple(p for p in paths if tree.exists(p))
