"""`iacpolicy baseline`."""

from datetime import date
from typing import Any

import click
from msgspec.structs import replace

from iacpolicy.cli.options import input_options, policy_folders, request_of
from iacpolicy.core.tree import normalise
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.gate.waiver_syntax import day
from iacpolicy.pipeline.commands.update_baseline import write_baseline
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.prepare.prepare import one_line


@click.command("baseline", short_help="Write or update the baseline of accepted findings.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@input_options
@click.option("--policies", "policy_dirs", multiple=True, metavar="DIR", help="Also load policies from a directory.")
@click.option("--checkov", type=click.Choice(["auto", "on", "off"]), help="Also run the custom Checkov checks.")
@click.option(
    "--output",
    metavar="FILE",
    help="The file, relative to the repository root (default: the setting baseline, else .iacpolicy/baseline.json).",
)
@click.option("--owner", metavar="NAME", help="The owner of the new entries.")
@click.option("--reason", metavar="TEXT", help="The reason to accept the new entries.")
@click.option("--until", metavar="DAY", help="The last day on which the new entries count, as 2027-01-31.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def command(
    paths: tuple[str, ...],
    policy_dirs: tuple[str, ...],
    output: str | None,
    owner: str | None,
    reason: str | None,
    until: str | None,
    debug: bool,
    **inputs: Any,
) -> int:
    """Scan PATHS (default: the current directory) and write the findings to the baseline.

    Scans with that baseline count only new findings. Existing entries keep their owner, reason and last day; entries
    without a finding are removed. The exit code is 3 if a part of the repository could not be read or evaluated; no
    entry is removed then.
    """
    request = request_of(paths, policy_dirs=policy_folders(policy_dirs), baseline=None, **inputs)
    if output is not None:
        clean = normalise(output)
        if not clean:
            raise UsageError(
                f"--output {output} is not a path in the repository. Write it relative to its root, with `/`."
            )
        request = replace(request, baseline=clean)
    done = write_baseline(request, owner=owner, reason=reason, until=_day(until) if until is not None else None)
    for problem in done.problems:
        click.echo(f"Error: {one_line(problem)}", err=True)
    click.echo(f"wrote {done.path}: {done.added} new, {done.kept} kept, {done.gone} removed")
    if not done.is_named:
        click.echo(f'Scans use it with `--baseline`, or by the setting `baseline = "{done.path}"` in iacpolicy.toml.')
    return ExitCode.INCOMPLETE if done.problems else ExitCode.CLEAN


def _day(text: str) -> date:
    found = day(text)
    if found is None:
        raise UsageError(f"--until {text} is not a day. Write it as 2027-01-31.")
    return found
