"""Update the baseline with the present findings."""

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
    """The numbers of added, kept and removed entries; `is_named` is True if the settings name this baseline.

    `problems` are the errors that made the run incomplete.
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
    """Write the findings of a scan to the baseline of the request, else of the settings, else the default path.

    An entry with a finding keeps its owner, reason and last day. An entry without one is removed, unless the run did
    not cover its file or policy.

    Raises:
        UsageError: the settings are wrong, the existing baseline cannot be read, or the file cannot be written.
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
    uncovered = {f: e for f, e in old.entries.items() if not _is_covered(e, request.paths, ran)}
    entries = {**uncovered, **new.entries}
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
        raise UsageError(f"{one_line(problems[0])} Or remove the file, which loses its owners and reasons.")
    return old


def _is_covered(entry: BaselineEntry, paths: Sequence[str], ran: set[str]) -> bool:
    """Report that the run covered the file and the policy of an entry."""
    inside = any(not p or entry.path == p or entry.path.startswith(f"{p}/") for p in paths)
    return inside and entry.policy in ran
