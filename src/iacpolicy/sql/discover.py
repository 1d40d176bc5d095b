"""Finds the migrations of a repository and loads each set of them into a schema model."""

import re
from fnmatch import fnmatchcase

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error, note, warning
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import Tree, join, parent
from iacpolicy.sql.config import Config, DefaultGrants, read
from iacpolicy.sql.grammar import GrammarMissingError
from iacpolicy.sql.includes import with_includes
from iacpolicy.sql.model import Database, Reason
from iacpolicy.sql.parse import ParsedFile, Unread, parse
from iacpolicy.sql.platform import SUPABASE, Platform
from iacpolicy.sql.replay import replay

_migration = re.compile(r"[0-9]+_.*\.sql").fullmatch


class MigrationSet(msgspec.Struct, frozen=True):
    """The files that make one database, in the order they are applied.

    `directory` holds the migrations (of `files` only those that they include lie elsewhere); `project_directory` is
    the one above `supabase`, to which the database belongs.
    """

    directory: str
    project_directory: str
    files: tuple[str, ...]
    config: Config | None = None


class SchemaModel(msgspec.Struct, frozen=True):
    """A database with what decides who can reach it.

    `default_grants` and `exposed_schemas` are what `config.toml` writes, else the platform's defaults; settings and
    Terraform may say otherwise (`join.py`). `exposed_doubts` are why the exposed schemas may be others.
    """

    migrations: MigrationSet
    database: Database
    platform: Platform = SUPABASE
    exposed_schemas: tuple[str, ...] = SUPABASE.exposed_schemas
    exposed_at: Span | None = None
    exposed_doubts: tuple[Reason, ...] = ()
    default_grants: DefaultGrants = DefaultGrants.AUTO
    default_grants_at: Span | None = None
    anonymous_sign_in: bool | None = None
    anonymous_sign_in_at: Span | None = None


def load(tree: Tree) -> tuple[tuple[SchemaModel, ...], tuple[Diagnostic, ...]]:
    """Every database that the repository's migrations make, and what could not be read of them."""
    sets, found = discover(tree)
    models: list[SchemaModel] = []
    diagnostics = list(found)
    for migrations in sets:
        try:
            model, said = load_set(tree, migrations)
        except GrammarMissingError as problem:
            place = file_start(migrations.files[0])
            diagnostics.append(msgspec.structs.replace(problem.diagnostic, location=place))
            break
        models.append(model)
        diagnostics.extend(said)
    return tuple(models), tuple(diagnostics)


def load_set(tree: Tree, migrations: MigrationSet) -> tuple[SchemaModel, tuple[Diagnostic, ...]]:
    """One set of migrations as a model.

    Raises:
        GrammarMissingError: PostgreSQL's grammar is not installed.
    """
    files: list[ParsedFile] = []
    included: list[str] = []
    diagnostics: list[Diagnostic] = []
    for path in migrations.files:
        source = tree.read(path)
        if isinstance(source, Diagnostic):
            diagnostics.append(source)
            # A file that is not read may have changed anything; the statement form of that is an unread psql include.
            files.append(ParsedFile(path, (Unread("\\", file_start(path), "the file could not be read"),), ()))
            continue
        parsed, more = with_includes(tree, parse(source), _run_from(migrations))
        included.extend(more)
        diagnostics.extend(parsed.diagnostics)
        files.append(parsed)
    database, said = replay(files)
    diagnostics.extend(said)
    config = migrations.config
    migrations = msgspec.structs.replace(migrations, files=tuple(dict.fromkeys((*migrations.files, *included))))
    model = SchemaModel(migrations, database)
    if config is not None:
        changes = {
            "exposed_schemas": config.schemas,
            "exposed_at": config.schemas_at,
            "default_grants": config.default_grants,
            "default_grants_at": config.default_grants_at,
            "anonymous_sign_in": config.anonymous_sign_in,
            "anonymous_sign_in_at": config.anonymous_sign_in_at,
        }
        model = msgspec.structs.replace(model, **{key: value for key, value in changes.items() if value is not None})
    return model, tuple(diagnostics)


def _run_from(migrations: MigrationSet) -> tuple[str, ...]:
    """The directories in which somebody may run the migrations."""
    return tuple(dict.fromkeys((migrations.project_directory, parent(migrations.directory), migrations.directory)))


def discover(tree: Tree) -> tuple[tuple[MigrationSet, ...], tuple[Diagnostic, ...]]:
    """The sets of migrations: every `supabase/migrations`, and `supabase/schemas` where no migration exists."""
    diagnostics: list[Diagnostic] = []
    by_project: dict[str, dict[str, list[str]]] = {}
    for path in tree.paths():
        found = re.fullmatch(r"((?:.*/)?supabase)/(migrations|schemas)/(.+\.sql)", path)
        if found:
            by_project.setdefault(found[1], {}).setdefault(found[2], []).append(path)
        elif re.fullmatch(r"(?:.*/)?supabase/(?:config\.toml|roles\.sql)", path):
            by_project.setdefault(parent(path), {})
    sets = []
    for directory, folders in sorted(by_project.items()):
        config = _config(tree, f"{directory}/config.toml", diagnostics)
        files = _migrations(f"{directory}/migrations", folders.get("migrations", []), diagnostics)
        declared = _declared(directory, config, tree.paths())
        if files and declared:
            diagnostics.append(
                note(
                    "Declared schemas are not replayed",
                    "The migrations make the database; what the files of schema_paths add to them is not looked at.",
                    config.schemas_at if config else None,
                )
            )
        files = files or declared
        if files:
            roles = f"{directory}/roles.sql"
            first = (roles,) if tree.exists(roles) else ()
            project = parent(directory)
            sets.append(MigrationSet(f"{directory}/migrations", project, (*first, *files), config))
    return tuple(sets), tuple(diagnostics)


def folder(tree: Tree, directory: str) -> tuple[MigrationSet, tuple[Diagnostic, ...]]:
    """The SQL files that lie directly in a directory as one set, in the order of their names, with its config.toml."""
    diagnostics: list[Diagnostic] = []
    files = tuple(path for path in tree.paths() if parent(path) == directory and path.endswith(".sql"))
    config = _config(tree, f"{directory}/config.toml" if directory else "config.toml", diagnostics)
    return MigrationSet(directory, directory, files, config), tuple(diagnostics)


def _config(tree: Tree, path: str, diagnostics: list[Diagnostic]) -> Config | None:
    if not tree.exists(path):
        return None
    source = tree.read(path)
    if isinstance(source, Diagnostic):
        diagnostics.append(source)
        return None
    config, said = read(source)
    diagnostics.extend(said)
    return config


def _migrations(directory: str, paths: list[str], diagnostics: list[Diagnostic]) -> tuple[str, ...]:
    """The files the Supabase CLI applies: `<digits>_<name>.sql` directly in the directory, by file name."""
    files: list[str] = []
    versions: dict[str, str] = {}
    for path in sorted(paths):
        name = path[len(directory) + 1 :]
        if "/" in name or not _migration(name):
            diagnostics.append(
                warning(
                    "Migration is skipped",
                    f"The Supabase CLI applies only files named <timestamp>_<name>.sql directly in {directory}. "
                    "Rename the file if it is a migration.",
                    file_start(path),
                )
            )
            continue
        version = name.partition("_")[0]
        if version in versions:
            diagnostics.append(
                error(
                    "Two migrations have one version",
                    f"{versions[version]} has the version {version} too, and the Supabase CLI refuses the second one. "
                    "Give it a version of its own.",
                    file_start(path),
                )
            )
        versions.setdefault(version, path)
        files.append(path)
    return tuple(files)


def _declared(directory: str, config: Config | None, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The files that `schema_paths` names, in the order of its patterns, each once."""
    files: dict[str, None] = {}
    for pattern in config.schema_paths if config else ():
        full = join(directory, pattern)
        if full is not None:
            files.update((path, None) for path in paths if path.endswith(".sql") and fnmatchcase(path, full))
    return tuple(files)
