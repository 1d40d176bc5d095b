"""`iacpolicy new`."""

from pathlib import Path

import click

from iacpolicy.cli.options import request_of
from iacpolicy.pipeline.context.repository import Repository
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.prepare.prepare import read_settings
from iacpolicy.policy.loading.load import catalogue_folder, find_policies
from iacpolicy.policy.loading.scaffold import new_policy, refused_name
from iacpolicy.settings.name_patterns import excludes
from iacpolicy.settings.settings import Settings

DEFAULT_FOLDER = "policies"


@click.group("new", short_help="Create a policy with fixtures.")
def command() -> None:
    """Create a policy."""


@command.command("policy")
@click.argument("policy_id", metavar="ID")
@click.option("--domain", metavar="D", help="Create it in a folder of this name, such as `storage`.")
@click.option("--yaml", "in_yaml", is_flag=True, help="Write the policy in YAML (default: Python).")
@click.option(
    "--policies",
    "folder",
    metavar="DIR",
    help="The directory of policies (default: the first of the setting policy_dirs, else policies).",
)
def policy_command(policy_id: str, domain: str | None, in_yaml: bool, folder: str | None) -> int:
    """Create a folder for the policy ID with a working check and its fixtures.

    `iacpolicy test` runs it without a change. Then change the check and the fixtures to your rule.
    """
    for name in (policy_id, domain):
        refused = refused_name(name) if name is not None else None
        if refused is not None:
            raise UsageError(f'"{name}" cannot be a name: {refused}.')
    top = Path(folder) if folder is not None else _default_folder()
    target = top / domain / policy_id if domain is not None else top / policy_id
    taken = {**find_policies(catalogue_folder()), **(find_policies(top) if top.is_dir() else {})}
    if policy_id in taken or target.exists():
        raise UsageError(
            f'The policy "{policy_id}" already exists ({taken.get(policy_id, target)}). Choose another id.'
        )
    try:
        target.mkdir(parents=True)
        for name, text in new_policy(policy_id, in_yaml=in_yaml).items():
            (target / name).write_text(text, encoding="utf-8")
            click.echo(f"wrote {target / name}")
    except OSError as problem:
        raise UsageError(f"{target} cannot be written: {problem.strerror or problem}.") from None
    click.echo(f"Run its fixtures: iacpolicy test {top}")
    hint = _unnamed(top, target)
    if hint is not None:
        click.echo(f'Use it in scans, without its fixtures: policy_dirs = ["{hint}"] in iacpolicy.toml')
    return 0


def _unnamed(top: Path, target: Path) -> str | None:
    """Return the directory of policies relative to the repository, None if the settings name or exclude it.

    None also for a directory outside of the repository.
    """
    root, settings = _repository()
    full, folder = target.resolve(), top.resolve()
    if not folder.is_relative_to(root) or excludes(settings.exclude, (full.relative_to(root) / "fail.tf").as_posix()):
        return None
    is_named = any(full.is_relative_to(root / name) for name in settings.policy_dirs)
    return None if is_named else folder.relative_to(root).as_posix()


def _repository() -> tuple[Path, Settings]:
    """Return the root and the settings of the repository that contains the current directory."""
    root = request_of(["."]).root
    return root, read_settings(Repository(root))


def _default_folder() -> Path:
    """Return the first policy directory of the settings, else `policies`, in the current repository."""
    root, settings = _repository()
    name = settings.policy_dirs[0] if settings.policy_dirs else DEFAULT_FOLDER
    folder = root / name
    here = Path.cwd().resolve()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
