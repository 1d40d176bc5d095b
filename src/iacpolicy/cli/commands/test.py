"""`iacpolicy test`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from iacpolicy.cli.options import request_of
from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.pipeline.commands.run_fixtures import Difference, PolicyRun, run_all
from iacpolicy.pipeline.commands.run_mutants import MutationRun, mutate
from iacpolicy.pipeline.context.repository import Repository
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.policies.trust import repository_policies
from iacpolicy.pipeline.prepare.prepare import one_line, read_settings
from iacpolicy.policy.loading.load import catalogue_folder


@click.command("test", short_help="Run the fixtures of policies.")
@click.argument("directory", required=False, metavar="[DIR]")
@click.option("--mutate", "mutates", is_flag=True, help="Also run mutants of the policies; fixtures must detect them.")
@click.option("--quiet", is_flag=True, help="Print only what differs or fails.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def command(directory: str | None, mutates: bool, quiet: bool, debug: bool) -> int:
    """Run the fixtures of every policy under DIR (default: the repository's own policies, else the catalogue).

    A fixture is `pass.tf`, `fail.tf`, or a folder `pass/` or `fail/` beside the policy. `# expect: ID` marks the line
    of a certain finding, `# expect-possible: ID` of a possible one, `# expect-undecided: ID` of an undecided result.
    The exit code is 1 if results and marks differ, and 3 if a policy or a fixture cannot be run.

    With --mutate, the command also runs mutants of every policy whose fixtures pass. A mutant has one small change:
    `<=` for `<`, 2 for 1, `any` for `all`, or no `yield`. The command prints each mutant that no fixture detects and
    exits with 1. A comment `# equivalent: REASON` exempts a line on which a mutant cannot change a result.
    """
    runs: list[PolicyRun] = []
    mutated: list[MutationRun] = []
    folders, problems = _folders(directory)
    for problem in problems:
        click.echo(f"Error: {one_line(problem)}", err=True)
    for run in run_all(folders):
        runs.append(run)
        for line in _lines(run, quiet):
            click.echo(line)
        if mutates and not run.differs and not run.is_broken:
            mutated.append(mutate(run.folder))
            for line in _survivors(mutated[-1], quiet):
                click.echo(line)
    if not runs and not problems:
        click.echo(f"There is no policy under {directory or catalogue_folder()}.", err=True)
    if not quiet:
        click.echo(_summary(runs, mutated))
    code = exit_code(runs)
    under_tested = any(m.survivors for m in mutated)
    if under_tested or code is ExitCode.VIOLATIONS:
        return ExitCode.VIOLATIONS
    return ExitCode.INCOMPLETE if problems else code


def _folders(directory: str | None) -> tuple[tuple[Path, ...], tuple[Diagnostic, ...]]:
    """Return the directories of policies, and a diagnostic for each policy that is not trusted."""
    if directory is not None:
        if not Path(directory).is_dir():
            raise UsageError(f"{directory} is not a directory. Name a directory of policies.")
        return (Path(directory).resolve(),), ()
    request = request_of(["."])
    settings = read_settings(Repository(request.root))
    if not settings.policy_dirs:
        return (catalogue_folder(),), ()
    own = repository_policies(request, settings)
    return own.folders, own.diagnostics


def exit_code(runs: Sequence[PolicyRun]) -> ExitCode:
    """Return 1 if results and marks differ, else 3 if a policy or fixture could not be run, else 0."""
    if any(run.differs for run in runs):
        return ExitCode.VIOLATIONS
    return ExitCode.INCOMPLETE if any(run.is_broken for run in runs) else ExitCode.CLEAN


def _lines(run: PolicyRun, quiet: bool) -> Iterator[str]:
    if run.broken is not None:
        yield f"{run.id}: cannot be loaded: {run.broken}"
        return
    if run.differs:
        yield f"{run.id}: differs from its fixtures"
    elif run.is_broken:
        yield f"{run.id}: could not be run"
    elif not run.fixtures:
        yield f"{run.id}: not tested: {', '.join(run.lacks)}"
    elif run.lacks:
        yield f"{run.id}: as expected, but there is {', and '.join(run.lacks)}"
    elif not quiet:
        yield f"{run.id}: as expected"
    for fixture in run.fixtures:
        for difference in fixture.differences:
            yield from _difference(difference)
        for problem in fixture.problems:
            yield f"  {fixture.fixture.path.name}: {one_line(problem)}"


def _survivors(run: MutationRun, quiet: bool) -> Iterator[str]:
    if run.survivors:
        yield f"{run.id}: under-tested: no fixture detects {len(run.survivors)} of {run.made} mutants"
    elif not quiet:
        yield f"{run.id}: the fixtures detect {run.made} of {run.made} {'mutant' if run.made == 1 else 'mutants'}"
    for survivor in run.survivors:
        yield f"  {survivor.path}:{survivor.line}: {survivor.what}"
        yield f"    {survivor.line} | {survivor.text}"


def _difference(difference: Difference) -> Iterator[str]:
    yield f"  {difference.path}:{difference.line}"
    yield f"    {difference.line} | {difference.text}"
    yield f"    expected: {', '.join(difference.expected) or 'nothing'}"
    for what in difference.found or ("nothing",):
        yield f"    found:    {what}"


def _summary(runs: Sequence[PolicyRun], mutated: Sequence[MutationRun]) -> str:
    under_tested = sum(bool(m.survivors) for m in mutated)
    differing = sum(run.differs for run in runs)
    broken = sum(run.is_broken and not run.differs for run in runs)
    untested = sum(not run.fixtures and not run.is_broken for run in runs)
    expected = len(runs) - differing - broken - untested
    parts = [f"{expected} as expected"]
    parts += [f"{differing} {'differs' if differing == 1 else 'differ'}"] if differing else []
    parts += [f"{broken} could not be run"] if broken else []
    parts += [f"{untested} not tested"] if untested else []
    parts += [f"{under_tested} under-tested"] if under_tested else []
    return f"{len(runs)} {'policy' if len(runs) == 1 else 'policies'}: {', '.join(parts)}"
