"""`iacpolicy policies`."""

import click
import msgspec

from iacpolicy.cli.options import repository_policy_sources
from iacpolicy.gate import governance
from iacpolicy.pipeline.prepare.prepare import one_line
from iacpolicy.policy.loading.load import load_policies


@click.command("policies", short_help="List the policies.")
@click.option("--policies", "policy_dirs", multiple=True, metavar="DIR", help="Also read policies from this directory.")
@click.option("--json", "as_document", is_flag=True, help="Print a JSON document.")
def command(policy_dirs: tuple[str, ...], as_document: bool) -> int:
    """List all policies with id, severity and title, including those of the current repository."""
    sources = repository_policy_sources(policy_dirs)
    policies, broken = load_policies(sources.folders, {})
    entries = [(p.folder.parent.name, p.meta) for p in policies]
    entries += [(governance.DOMAIN, meta) for meta in governance.POLICIES.values()]
    entries.sort(key=lambda entry: (entry[0], entry[1].id))
    if as_document:
        found = [{"domain": domain, **msgspec.to_builtins(meta)} for domain, meta in entries]
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        width = max(len(meta.id) for _, meta in entries)
        before = None
        for domain, meta in entries:
            if domain != before:
                before = domain
                click.echo(f"{domain}:")
            click.echo(f"  {meta.id:{width}}  {meta.severity:8}  {meta.title}")
    for one in broken:
        click.echo(f"{one.id} cannot be loaded: {one.reason}", err=True)
    for problem in sources.diagnostics:
        click.echo(f"Error: {one_line(problem)}", err=True)
    return 3 if broken or sources.diagnostics else 0
