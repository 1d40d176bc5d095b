"""`iacpolicy policies`."""

import click
import msgspec

from iacpolicy.cli.options import own_sources
from iacpolicy.pipeline.preparation import told
from iacpolicy.policy.load import load_policies


@click.command("policies", short_help="List the policies.")
@click.option("--policies", "policy_dirs", multiple=True, metavar="DIR", help="Take policies from a directory too.")
@click.option("--json", "as_document", is_flag=True, help="Print a JSON document.")
def command(policy_dirs: tuple[str, ...], as_document: bool) -> int:
    """List the policies, those of the repository around the current directory among them: id, severity, title."""
    sources = own_sources(policy_dirs)
    policies, broken = load_policies(sources.folders, {})
    if as_document:
        entries = [{"domain": p.folder.parent.name, **msgspec.to_builtins(p.meta)} for p in policies]
        click.echo(msgspec.json.format(msgspec.json.encode(entries)).decode())
    else:
        width = max((len(p.id) for p in policies), default=0)
        domain = None
        for policy in sorted(policies, key=lambda p: (p.folder.parent.name, p.id)):
            if policy.folder.parent.name != domain:
                domain = policy.folder.parent.name
                click.echo(f"{domain}:")
            click.echo(f"  {policy.id:{width}}  {policy.meta.severity:8}  {policy.meta.title}")
    for one in broken:
        click.echo(f"{one.id} cannot be loaded: {one.reason}", err=True)
    for problem in sources.diagnostics:
        click.echo(f"Error: {told(problem)}", err=True)
    return 3 if broken or sources.diagnostics else 0
