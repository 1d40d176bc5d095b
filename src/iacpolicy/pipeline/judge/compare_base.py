"""`--since`: the head held against the commit from which it began to differ."""

from collections.abc import Sequence

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

Compared = tuple[list[Finding], list[Finding] | None, list[Diagnostic]]


def compare(findings: list[Finding], head: Prepared, policies: Sequence[Policy]) -> Compared:
    """The head's findings as new or known, those of the base that are gone, and what could not be read of the base.

    Without `since`, the findings as they are. Both sides are evaluated whole, by the settings of the head.

    Raises:
        UsageError: the revision names no commit with which the head has anything in common.
    """
    request = head.request
    if request.since is None:
        return findings, None, []
    try:
        commit = merge_base(request.root, request.since)
    except GitError as problem:
        said = str(problem)
        raise UsageError(
            f"--since {request.since}: {said if said else 'there is no such revision'}. Name a branch, tag or commit "
            "of this repository; in a shallow clone, fetch more of the history first."
        ) from None
    tree = GitTree(request.root, commit)
    try:
        tree.prefetch(SUFFIXES)
        base_request = replace(request, since=None, checkov="off", var_files=_present(request.var_files, tree))
        base = judge(prepare(base_request, head.settings, tree, head.base), policies)
    except GitError as problem:
        detail = f"Commit {commit[:12]}, the base of --since {request.since}, cannot be read: {problem}."
        return findings, [], [error("Base cannot be read", detail)]
    compared = against(findings, base.findings)
    unread = sum(d.severity is Level.ERROR for d in base.diagnostics)
    problems: list[Diagnostic] = []
    if unread:
        problems.append(
            warning(
                "Base could not be read whole",
                f"{unread} {'part' if unread == 1 else 'parts'} of commit {commit[:12]} could not be read or "
                "evaluated, so findings that were there before may count as new.",
            )
        )
    return list(compared.findings), list(compared.fixed), problems


def _present(paths: Sequence[str], tree: GitTree) -> tuple[str, ...]:
    return tuple(p for p in paths if tree.exists(p))
