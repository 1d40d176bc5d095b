"""`iacpolicy scan`."""

import sys
from pathlib import Path
from typing import Any

import click

from iacpolicy.cli.options import Progress, input_options, policy_folders, request_of
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.scan import scan
from iacpolicy.policy.meta import Severity
from iacpolicy.report import FORMATS
from iacpolicy.report.options import Options


@click.command("scan", short_help="Scan a repository and report what breaks its policies.")
@click.argument("paths", nargs=-1)
@input_options
@click.option("--policy", "wanted", multiple=True, metavar="ID", help="Run this policy only; repeatable.")
@click.option("--skip", "skipped", multiple=True, metavar="ID", help="Skip a policy; repeatable.")
@click.option("--policies", "policy_dirs", multiple=True, metavar="DIR", help="Also load policies from a directory.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"One of {', '.join(FORMATS)}; repeatable, each with its own file.",
)
@click.option("--output", metavar="FILE", help="Write the report to a file.")
@click.option(
    "--fail-on",
    type=click.Choice([*(s.value for s in Severity), "never"]),
    help="The lowest severity that makes the exit code 1 (default: low).",
)
@click.option(
    "--fail-on-undecided/--allow-undecided",
    "undecided_fails",
    default=None,
    help="Make the exit code 3 for undecided results, or not.",
)
@click.option("--checkov", type=click.Choice(["auto", "on", "off"]), help="Also run the custom Checkov checks.")
@click.option("--since", metavar="REV", help="Count only findings that are new since the merge base with a revision.")
@click.option(
    "--policies-from",
    metavar="REV",
    help="Use the policies, settings, schemas, baseline and waivers of a revision.",
)
@click.option("--baseline", metavar="FILE", help="Count only findings that are not in the baseline.")
@click.option("--include-passed", is_flag=True, help="Also report passed results.")
@click.option("--no-cache", is_flag=True, help="Do not read or write a cache (no cache exists yet).")
@click.option("--jobs", type=int, metavar="N", help="Number of processes (always one for now).")
@click.option("--quiet", is_flag=True, help="Print nothing on standard error.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def command(
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    output: str | None,
    fail_on: Any,
    policy_dirs: tuple[str, ...],
    include_passed: bool,
    no_cache: bool,
    jobs: int | None,
    quiet: bool,
    debug: bool,
    **inputs: Any,
) -> int:
    """Scan PATHS (default: the current directory) and report what breaks the policies.

    Every root module is evaluated in every workspace. The exit code is 0 without violations, 1 with violations, and 2
    for wrong use. It is 3 if a part of the repository could not be read or decided.
    """
    targets = _targets(formats, output)
    progress = Progress(quiet)
    request = request_of(
        paths,
        fail_on=None if fail_on is None else fail_on if fail_on == "never" else Severity(fail_on),
        policy_dirs=policy_folders(policy_dirs),
        progress=progress,
        **inputs,
    )
    scanned = scan(request)
    report = scanned.report
    for name, file in targets:
        to_terminal = file is None and sys.stdout.isatty()
        text = FORMATS[name](report, Options(color=to_terminal, include_passed=include_passed))
        if file is None:
            click.echo(text, nl=False)
        else:
            _write(Path(file), text)
    seconds = progress.done()
    if debug:
        for policy, address, trace in scanned.crashes:
            click.echo(scanned.prepared.redactor.text(f"{policy} at {address}:\n{trace}"), err=True)
    if not quiet:
        count = report.summary.files
        click.echo(f"{count} {'file' if count == 1 else 'files'} in {seconds:.2f} s", err=True)
    return int(report.exit_code)


def _write(file: Path, text: str) -> None:
    """Write a report to a file.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"Cannot write {file}: {problem.strerror or problem}.") from None


def _targets(formats: tuple[str, ...], output: str | None) -> list[tuple[str, str | None]]:
    """Return each format with its file, None for standard output.

    Raises:
        UsageError: a format is unknown, or two formats are for standard output.
    """
    targets: list[tuple[str, str | None]] = []
    for text in formats or ("text",):
        name, _, file = text.partition("=")
        if name not in FORMATS:
            raise UsageError(f'There is no format "{name}". The formats are {", ".join(FORMATS)}.')
        targets.append((name, file or None))
    without_file = [i for i, (_, file) in enumerate(targets) if file is None]
    if output is not None and without_file:
        targets[without_file[0]] = (targets[without_file[0]][0], output)
        without_file = without_file[1:]
    if len(without_file) > 1:
        raise UsageError("Only one format can go to standard output. Write the others as FORMAT=FILE.")
    for _, target in targets:
        if target is not None and not Path(target).resolve().parent.is_dir():
            raise UsageError(f"Cannot write {target}: its directory does not exist.")
    return targets
