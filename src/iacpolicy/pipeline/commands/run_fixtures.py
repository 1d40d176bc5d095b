"""Runs policies over their own fixtures: each mark needs a result, and each result needs a mark."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from iacpolicy.core.diagnostics import Diagnostic, Level, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.core.tree import Tree
from iacpolicy.engine.findings import Finding, Undecided
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.judge.judge import Judged, judge
from iacpolicy.pipeline.prepare.prepare import Prepared, one_line, prepare, read_settings
from iacpolicy.policy.loading.load import find_policies, load_policy
from iacpolicy.policy.loading.policy import Broken, Policy
from iacpolicy.policy.testing.expectations import Expectation, ExpectationError, read_expectations
from iacpolicy.policy.testing.fixtures import KINDS, Fixture, fixtures_of
from iacpolicy.settings.policy_settings import check_policies
from iacpolicy.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Difference:
    """A line whose results differ from its marks; `path` is relative to the policy's folder."""

    path: str
    line: int
    text: str
    expected: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FixtureRun:
    """The result of a fixture; `problems` are the errors that prevented a complete run."""

    fixture: Fixture
    differences: tuple[Difference, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    marks: int = 0


@dataclass(frozen=True, slots=True)
class PolicyRun:
    """The result of a policy over its fixtures.

    `broken` is the reason why the policy cannot be loaded, else None. `lacks` names missing fixtures and marks.
    """

    id: str
    folder: Path
    fixtures: tuple[FixtureRun, ...] = ()
    broken: str | None = None
    lacks: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        return any(run.differences for run in self.fixtures)

    @property
    def is_broken(self) -> bool:
        """True if the policy or one of its fixtures could not be run."""
        return self.broken is not None or any(run.problems for run in self.fixtures)


@dataclass(frozen=True, slots=True)
class Ready:
    """A fixture that is prepared up to its graphs, the policy with the fixture's options, and the marks."""

    fixture: Fixture
    prepared: Prepared
    policy: Policy
    marks: tuple[Expectation, ...]


def run_fixtures(folder: Path) -> PolicyRun:
    """Run the policy of a folder over its fixtures."""
    loaded = load_policy(folder)
    if isinstance(loaded, Broken):
        return PolicyRun(folder.name, folder, broken=loaded.reason)
    runs = tuple(run_fixture(loaded, fixture) for fixture in fixtures_of(folder))
    return PolicyRun(loaded.id, folder, runs, lacks=tuple(_lacks(runs)))


def run_all(folders: Iterable[Path]) -> Iterator[PolicyRun]:
    """Run every policy under some folders, in the order of their ids."""
    found: dict[tuple[str, Path], Path] = {}
    for folder in folders:
        found.update({(policy_id, path): path for policy_id, path in find_policies(folder).items()})
    for key in sorted(found):
        yield run_fixtures(found[key])


def make_ready(policy: Policy, fixture: Fixture) -> Ready | Diagnostic:
    """Run the stages before the policy; return a diagnostic if one of them fails."""
    try:
        tree = fixture.tree()
        settings = read_settings(tree)
        marks = tuple(read_expectations(tree))
        prepared = prepare(Request(fixture.path, ("",), checkov="off"), settings, tree)
    except (UsageError, ExpectationError, OSError) as problem:
        return error("Fixture cannot be run", f"{fixture.path.name}: {problem}")
    return _with_options(policy, fixture, prepared, settings, marks)


def _with_options(
    policy: Policy, fixture: Fixture, prepared: Prepared, settings: Settings, marks: tuple[Expectation, ...]
) -> Ready | Diagnostic:
    problems = check_policies(settings, {policy.id: policy.meta})
    if problems:
        return error("Fixture cannot be run", f"{fixture.path.name}: {one_line(problems[0])}")
    own = Policy(policy.meta, policy.check, policy.folder, settings.options(policy.meta))
    return Ready(fixture, prepared, own, marks)


def results_of(
    findings: Iterable[Finding], undecided: Iterable[Undecided], policies: Iterable[str]
) -> list[Expectation]:
    """Return the findings and undecided results of some policies as expectations, sorted."""
    wanted = set(policies)
    found = [
        Expectation(f.location.path, f.location.line, f.policy, "certain" if f.certainty == "certain" else "possible")
        for f in findings
        if f.policy in wanted
    ]
    found += [
        Expectation(u.location.path, u.location.line, u.policy, "undecided") for u in undecided if u.policy in wanted
    ]
    return sorted(found)


def run_fixture(policy: Policy, fixture: Fixture) -> FixtureRun:
    """Run a policy over one of its fixtures."""
    ready = make_ready(policy, fixture)
    if isinstance(ready, Diagnostic):
        return FixtureRun(fixture, problems=(ready,))
    judged = judge(ready.prepared, [ready.policy])
    problems = tuple(d for d in judged.diagnostics if d.severity is Level.ERROR)
    return FixtureRun(fixture, tuple(_differences(ready, judged)), problems, len(ready.marks))


def _differences(ready: Ready, judged: Judged) -> Iterator[Difference]:
    """Yield the lines whose results differ from their marks, in order."""
    policy = ready.policy.id
    found: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for finding in judged.findings:
        if finding.policy == policy:
            what = finding.message if finding.condition is None else f"{finding.message}, {finding.condition}"
            found.setdefault(_line(finding.location), []).append((finding.certainty.value, what))
    for result in judged.undecided:
        if result.policy == policy:
            why = "; ".join(w.text for w in result.reasons)
            found.setdefault(_line(result.location), []).append(("undecided", why))
    wanted: dict[tuple[str, int], list[str]] = {}
    for mark in ready.marks:
        kind = mark.kind if mark.policy == policy else f"{mark.kind} of {mark.policy}"
        wanted.setdefault((mark.path, mark.line), []).append(kind)
    for path, line in sorted({*found, *wanted}):
        expected, given = sorted(wanted.get((path, line), [])), sorted(found.get((path, line), []))
        if expected != [kind for kind, _ in given]:
            text = _text(ready.prepared, path, line)
            shown = ready.fixture.shown(path)
            yield Difference(shown, line, text, tuple(expected), tuple(f"{kind}: {what}" for kind, what in given))


def _line(place: Span) -> tuple[str, int]:
    return place.path, place.line


def _text(prepared: Prepared, path: str, line: int) -> str:
    tree: Tree = prepared.tree
    source = tree.read(path) if tree.exists(path) else None
    return prepared.redactor.source(source).line(line) if isinstance(source, SourceFile) else ""


def _lacks(runs: Sequence[FixtureRun]) -> Iterator[str]:
    """Yield the fixtures and marks that are missing for a complete test."""
    kinds = {run.fixture.kind for run in runs}
    for kind in KINDS:
        if kind not in kinds:
            yield f"no {kind}ing fixture ({kind}.tf or {kind}/)"
    if "fail" in kinds and not any(run.marks for run in runs if run.fixture.kind == "fail"):
        yield "no mark `# expect: ID` in the failing fixture"
