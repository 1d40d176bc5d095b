"""`iacpolicy explain`."""

import textwrap
from pathlib import Path

import click

from iacpolicy.cli.options import own_sources
from iacpolicy.pipeline.policy_names import renames
from iacpolicy.pipeline.preparation import told
from iacpolicy.pipeline.usage import UsageError
from iacpolicy.policy.load import find_policies, load_policy
from iacpolicy.policy.policy import Broken, Policy
from iacpolicy.settings.suggest import did_you_mean


@click.command("explain", short_help="Explain one policy.")
@click.argument("policy_id", metavar="ID")
@click.option("--policies", "policy_dirs", multiple=True, metavar="DIR", help="Take policies from a directory too.")
def command(policy_id: str, policy_dirs: tuple[str, ...]) -> int:
    """Explain the policy ID: what it asks, why, how to mend a violation, its options and examples."""
    known: dict[str, Path] = {}
    sources = own_sources(policy_dirs)
    for folder in sources.folders:
        known = {**find_policies(folder), **known}
    policy_id = renames(sources.folders)(policy_id)
    if policy_id in sources.refused and policy_id not in known:
        raise UsageError("\n".join(told(problem) for problem in sources.diagnostics))
    if policy_id not in known:
        raise UsageError(
            f'There is no policy "{policy_id}"{did_you_mean(policy_id, known)}. `iacpolicy policies` lists them all.'
        )
    policy = load_policy(known[policy_id])
    if isinstance(policy, Broken):
        raise UsageError(f"{policy.id} cannot be loaded: {policy.reason}")
    click.echo(_text(policy))
    return 0


def _text(policy: Policy) -> str:
    meta = policy.meta
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
    for name, heading in (("fail.tf", "This violates it:"), ("pass.tf", "This does not:")):
        example = policy.folder / name
        if example.is_file():
            lines += [heading, "", textwrap.indent(example.read_text(encoding="utf-8").strip(), "    "), ""]
    return "\n".join(lines).rstrip()


def _wrapped(heading: str, text: str) -> list[str]:
    return [*textwrap.wrap(f"{heading}: {text}", 100, subsequent_indent="  "), ""]
