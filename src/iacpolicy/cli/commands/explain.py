"""`iacpolicy explain`."""

import textwrap
from itertools import islice
from pathlib import Path

import click

from iacpolicy.cli.options import repository_policy_sources
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.gate import governance
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.policies.policy_names import renames
from iacpolicy.pipeline.prepare.prepare import one_line
from iacpolicy.policy.loading.load import find_policies, load_policy
from iacpolicy.policy.loading.policy import Broken
from iacpolicy.policy.meta import Meta

MAX_EXAMPLES = 2
_EXAMPLES = (".tf", ".tofu", ".sql", ".yaml", ".yml", ".json", ".env", ".tfvars")


@click.command("explain", short_help="Explain one policy.")
@click.argument("policy_id", metavar="ID")
@click.option("--policies", "policy_dirs", multiple=True, metavar="DIR", help="Also read policies from this directory.")
def command(policy_id: str, policy_dirs: tuple[str, ...]) -> int:
    """Explain the policy ID: its rule and reason, the remediation, options and examples."""
    known: dict[str, Path] = {}
    sources = repository_policy_sources(policy_dirs)
    for folder in sources.folders:
        known = {**find_policies(folder), **known}
    policy_id = renames(sources.folders)(policy_id)
    if policy_id in sources.refused and policy_id not in known:
        raise UsageError("\n".join(one_line(problem) for problem in sources.diagnostics))
    if policy_id in governance.POLICIES:
        click.echo(_text(governance.POLICIES[policy_id], None))
        return 0
    if policy_id not in known:
        near = did_you_mean(policy_id, (*known, *governance.POLICIES), HintForm.ASIDE)
        raise UsageError(f'There is no policy "{policy_id}"{near}. `iacpolicy policies` lists them all.')
    policy = load_policy(known[policy_id])
    if isinstance(policy, Broken):
        raise UsageError(f"{policy.id} cannot be loaded: {policy.reason}")
    click.echo(_text(policy.meta, policy.folder))
    return 0


def _text(meta: Meta, folder: Path | None) -> str:
    lines = [f"{meta.id} ({meta.severity}): {meta.title}", "", *_wrapped("On", ", ".join(meta.on))]
    lines += [*_wrapped("Why", meta.why), *_wrapped("Fix", meta.fix)]
    if meta.aliases:
        lines += _wrapped("Also called", ", ".join(meta.aliases))
    if meta.options:
        lines.append("Options:")
        lines += [f"  {o.name} = {o.default!r}  {o.description}" for o in meta.options]
        lines.append("")
    if meta.references:
        lines += ["References:", *(f"  {r}" for r in meta.references), ""]
    if folder is not None:
        for kind, heading in (("fail", "Example with a violation"), ("pass", "Example without a violation")):
            for path in _examples(folder, kind):
                shown = textwrap.indent(path.read_text(encoding="utf-8").strip(), "    ")
                lines += [f"{heading} ({path.relative_to(folder).as_posix()}):", "", shown, ""]
    return "\n".join(lines).rstrip()


def _examples(folder: Path, kind: str) -> list[Path]:
    """Return the fixture files to show: the single file, else the first files of the folder.

    Of a failing fixture these are files with marks.
    """
    single = folder / f"{kind}.tf"
    if single.is_file():
        return [single]
    found = (p for p in sorted((folder / kind).rglob("*")) if p.suffix in _EXAMPLES and p.is_file())
    shown = (p for p in found if kind == "pass" or "expect" in p.read_text(encoding="utf-8"))
    return list(islice(shown, MAX_EXAMPLES))


def _wrapped(heading: str, text: str) -> list[str]:
    return [*textwrap.wrap(f"{heading}: {text}", 100, subsequent_indent="  "), ""]
