"""The baseline brought up to what is found now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from msgspec import structs

from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.gate import baseline as baselines
from iacpolicy.gate import governance
from iacpolicy.gate.baseline import Baseline, BaselineEntry
from iacpolicy.pipeline.context.repository import Repository
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.context.write_files import write_inside
from iacpolicy.pipeline.judge.judge import judge
from iacpolicy.pipeline.policies.select import select_policies
from iacpolicy.pipeline.prepare.prepare import one_line, prepare, read_settings

DEFAULT_PATH = ".iacpolicy/baseline.json"


@dataclass(frozen=True, slots=True)
class BaselineUpdate:
    """What became of a baseline; `is_named` says whether the settings make scans use it.

    `problems` are why the run that it comes from was not complete.
    """

    path: str
    added: int
    kept: int
    gone: int
    is_named: bool
    problems: tuple[Diagnostic, ...]


def write_baseline(
    request: Request, owner: str | None = None, reason: str | None = None, until: date | None = None
) -> BaselineUpdate:
    """Scan, and write a baseline of what is found; its path is the request's, the settings', or the default.

    An entry that is still found keeps its owner, reason and expiry. One that is not found goes, unless the run did not
    look where it was.

    Raises:
        UsageError: the settings are wrong, or the baseline that is there cannot be read, or none can be written.
    """
    settings = read_settings(Repository(request.root))
    path = request.baseline or settings.baseline or DEFAULT_PATH
    old = _read(request, path)
    prepared = prepare(structs.replace(request, baseline=None, since=None), structs.replace(settings, baseline=None))
    policies, broken = select_policies(prepared.request, settings)
    judged = judge(prepared, policies)
    problems = tuple(d for d in (*judged.diagnostics, *broken) if d.severity is Level.ERROR)
    new = baselines.update(old, judged.findings, owner=owner, reason=reason, until=until)
    ran = {*judged.metas, *governance.POLICIES} if not problems else set()
    unseen = {f: e for f, e in old.entries.items() if not _is_seen(e, request.paths, ran)}
    entries = {**unseen, **new.entries}
    write_inside(request.root, path, baselines.write(Baseline(entries)).encode())
    kept = len(entries.keys() & old.entries.keys())
    return BaselineUpdate(path, len(entries) - kept, kept, len(old.entries) - kept, settings.baseline == path, problems)


def _read(request: Request, path: str) -> Baseline:
    tree = Repository(request.root)
    if not tree.exists(path):
        return Baseline()
    source = tree.read(path)
    if isinstance(source, Diagnostic):
        raise UsageError(one_line(source))
    old, problems = baselines.read(source)
    if problems:
        raise UsageError(f"{one_line(problems[0])} Or remove the file, and all its owners and reasons with it.")
    return old


def _is_seen(entry: BaselineEntry, paths: Sequence[str], ran: set[str]) -> bool:
    """Whether the run would have found an entry's finding if it were there."""
    inside = any(not p or entry.path == p or entry.path.startswith(f"{p}/") for p in paths)
    return inside and entry.policy in ran
