"""Find the migrations of a repository, and load each set of them into a schema model."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import Tree, parent
from iacpolicy.sql.migrations import alembic, flyway, plain
from iacpolicy.sql.migrations.connections import by_database
from iacpolicy.sql.migrations.includes import with_includes
from iacpolicy.sql.migrations.migration_set import MigrationSet
from iacpolicy.sql.migrations.read_file import read_sql_file
from iacpolicy.sql.migrations.source_formats import DatabaseSource, MigrationFormat
from iacpolicy.sql.migrations.supabase import config_of, supabase_project
from iacpolicy.sql.migrations.supabase_config import ApiConfig, DefaultGrants
from iacpolicy.sql.migrations.unsure import REFUSED, SEED, with_uncertain_files
from iacpolicy.sql.model.database import ApiSchemasSetting, Aspect, Database, SchemaDoubt
from iacpolicy.sql.model.platform import SUPABASE, Platform
from iacpolicy.sql.replay import replay
from iacpolicy.sql.syntax.grammar import GrammarMissingError
from iacpolicy.sql.syntax.parse import LateFile, ParsedFile, UnreadStatement, parse, parse_late

__all__ = ["MigrationSet", "SchemaModel", "discover", "folder", "load", "load_set"]


class SchemaModel(msgspec.Struct, frozen=True):
    """A database with the settings that decide who can reach it.

    `default_grants` and `exposed_schemas` come from `config.toml`, else they are the platform's defaults. A setting
    stored in the database, iacpolicy's settings and Terraform can replace them. `exposed_doubts` are reasons why other
    schemas may be exposed, `doubted` the schemas that they concern (None: every schema). `projects` are the addresses
    of its `supabase_project` resources.
    """

    migrations: MigrationSet
    database: Database
    platform: Platform = SUPABASE
    exposed_schemas: tuple[str, ...] = SUPABASE.exposed_schemas
    exposed_at: Span | None = None
    exposed_doubts: tuple[SchemaDoubt, ...] = ()
    doubted: frozenset[str] | None = None
    default_grants: DefaultGrants = DefaultGrants.AUTO
    default_grants_at: Span | None = None
    anonymous_sign_in: bool | None = None
    anonymous_sign_in_at: Span | None = None
    projects: tuple[str, ...] = ()


def load(tree: Tree, sources: Sequence[DatabaseSource] = ()) -> tuple[tuple[SchemaModel, ...], tuple[Diagnostic, ...]]:
    """Return the databases that the repository's migrations make, and the diagnostics."""
    sets, found = discover(tree, sources)
    models: list[SchemaModel] = []
    diagnostics = list(found)
    for migrations in sets:
        try:
            made, reported = load_all(tree, migrations)
        except GrammarMissingError as problem:
            place = file_start(migrations.files[0])
            diagnostics.append(msgspec.structs.replace(problem.diagnostic, location=place))
            break
        models.extend(made)
        diagnostics.extend(reported)
    return tuple(models), tuple(diagnostics)


def load_set(tree: Tree, migrations: MigrationSet) -> tuple[SchemaModel, tuple[Diagnostic, ...]]:
    """Return the model of the database that one set of migrations is about, and the diagnostics.

    Raises:
        GrammarMissingError: PostgreSQL's grammar is not installed.
    """
    models, diagnostics = load_all(tree, migrations)
    return models[0], diagnostics


def load_all(tree: Tree, migrations: MigrationSet) -> tuple[list[SchemaModel], tuple[Diagnostic, ...]]:
    r"""Return the models of the databases of one set: its own first, then those that psql's `\connect` names.

    Raises:
        GrammarMissingError: PostgreSQL's grammar is not installed.
    """
    parsed = [_parsed(tree, path, migrations) for path in migrations.files]
    included = [path for _, paths in parsed for path in paths]
    files = [file for file, _ in parsed]
    eager = [problem for file in files if isinstance(file, ParsedFile) for problem in file.diagnostics]
    databases, diagnostics = by_database(files, eager)
    migrations = msgspec.structs.replace(migrations, files=tuple(dict.fromkeys((*migrations.files, *included))))
    unsure = dict.fromkeys(migrations.refused, REFUSED) | dict.fromkeys(migrations.seeds, SEED)
    models: list[SchemaModel] = []
    for name, parts in databases.items():
        database, reported = replay(part for part in parts if part.path not in unsure)
        if any(part.path in unsure and any(True for _ in part.items) for part in parts):
            database, reported = with_uncertain_files(database, *replay(parts), unsure)
        diagnostics.extend(reported)
        if name is not None and not (database.tables or database.views or database.functions or database.uncertain):
            continue
        model = SchemaModel(msgspec.structs.replace(migrations, connected=name), database)
        models.append(_configured(model) if name is None else _after_connect(_configured(model), name))
    diagnostics.extend(reported for file in files if isinstance(file, LateFile) for reported in file.diagnostics)
    return models, tuple(diagnostics)


def with_config(model: SchemaModel, reported: ApiConfig) -> SchemaModel:
    """Return the model with the settings of the API in `config.toml`."""
    changes = {name: getattr(reported, name) for name in ("default_grants", "default_grants_at", "anonymous_sign_in",
                                                      "anonymous_sign_in_at")}  # fmt: skip
    changes |= {"exposed_schemas": reported.schemas, "exposed_at": reported.schemas_at}
    changed = msgspec.structs.replace(model, **{key: value for key, value in changes.items() if value is not None})
    return with_stored_setting(changed)


def stored_setting(model: SchemaModel) -> ApiSchemasSetting | None:
    """Return the setting `pgrst.db_schemas` that PostgREST reads from the database; None where there is none."""
    name = model.migrations.database_name
    if model.migrations.connected is not None:
        return None  # The API serves one database.
    certain = {each.database: each for each in model.database.api_schemas if each.uncertain is None}
    return (certain.get(name) if name is not None else None) or certain.get("")


def with_stored_setting(model: SchemaModel) -> SchemaModel:
    """Return the model with the schemas in the stored setting `pgrst.db_schemas`, which overrides configuration."""
    if not model.database.api_schemas or model.migrations.connected is not None:
        return model
    name = model.migrations.database_name
    settings = model.database.api_schemas
    read = stored_setting(model)
    if read is not None and read.schemas is not None:
        model = msgspec.structs.replace(model, exposed_schemas=read.schemas, exposed_at=read.set_at)
        settings = settings[settings.index(read) + 1 :]
    reasons: list[SchemaDoubt] = []
    every = bool(model.exposed_doubts) and model.doubted is None
    doubted = set(model.doubted or ())
    for setting in settings:
        reason = setting.uncertain
        if setting.database and name is None:
            text = f"whether {setting.database} is the name of this database is unknown"
            reason = SchemaDoubt(Aspect.EXISTENCE, text, setting.set_at)
        if reason is None or setting.database not in {"", name or setting.database}:
            continue
        reasons.append(reason)
        every |= setting.schemas is None
        doubted |= set(setting.schemas or ()) ^ set(model.exposed_schemas)
    if not reasons:
        return model
    doubts = tuple(dict.fromkeys((*model.exposed_doubts, *reasons)))
    return msgspec.structs.replace(model, exposed_doubts=doubts, doubted=None if every else frozenset(doubted))


def _configured(model: SchemaModel) -> SchemaModel:
    config, source = model.migrations.config, model.migrations.source
    model = with_config(model, config.shown) if config is not None else with_stored_setting(model)
    return with_settings(model, source) if source is not None else model


def with_settings(model: SchemaModel, source: DatabaseSource) -> SchemaModel:
    """Return the model with the settings of the API in `iacpolicy.toml`, which take precedence over all others."""
    if source.exposed_schemas is not None:
        changes = {"exposed_schemas": source.exposed_schemas, "exposed_at": source.place}
        model = msgspec.structs.replace(model, exposed_doubts=(), doubted=None, **changes)
    if source.default_grants is not None:
        model = msgspec.structs.replace(model, default_grants=source.default_grants, default_grants_at=source.place)
    return model


def _after_connect(model: SchemaModel, name: str) -> SchemaModel:
    place = file_start(model.migrations.files[0])
    why = SchemaDoubt(Aspect.EXISTENCE, f"whether the API shows the database {name} is unknown", place)
    return msgspec.structs.replace(model, exposed_doubts=(why,))


def _parsed(tree: Tree, path: str, migrations: MigrationSet) -> tuple[ParsedFile | LateFile, tuple[str, ...]]:
    """Return a migration, and the files that it includes."""
    if path.endswith(".py"):
        source = tree.read(path)
    else:
        source = read_sql_file(tree, path)
    if isinstance(source, Diagnostic):
        # A file that is not read may have changed anything, as an unread include of psql may.
        unread = UnreadStatement("\\", file_start(path), "the file could not be read")
        return ParsedFile(path, (unread,), (source,)), ()
    if path.endswith(".py"):
        return alembic.parse_revision(source), ()
    if migrations.source is not None and migrations.source.format is MigrationFormat.PLAIN:
        source = plain.applied_part(source)
    late = parse_late(source)
    return (late, ()) if late is not None else with_includes(tree, parse(source), _run_from(migrations))


def _run_from(migrations: MigrationSet) -> tuple[str, ...]:
    """Return the directories in which the migrations may be run."""
    return tuple(dict.fromkeys((migrations.project_directory, parent(migrations.directory), migrations.directory)))


def discover(
    tree: Tree, sources: Sequence[DatabaseSource] = ()
) -> tuple[tuple[MigrationSet, ...], tuple[Diagnostic, ...]]:
    """Return the sets of migrations: every `supabase` directory that holds some, and those that settings name."""
    diagnostics: list[Diagnostic] = []
    sets: dict[str, MigrationSet] = {}
    for source in sources:
        found, reported = _of_source(tree, source)
        diagnostics.extend(reported)
        if found is not None:
            sets[f"{found.directory}\0{source.name}"] = found
    named = {made.directory for made in sets.values()}
    files = {path for made in sets.values() for path in made.files}
    for directory in _supabase_directories(tree):
        found, reported = supabase_project(tree, directory)
        if found is not None and (found.directory in named or files.issuperset(found.files)):
            continue
        diagnostics.extend(reported)
        if found is not None:
            sets[found.directory] = found
    return tuple(sets[key] for key in sorted(sets)), tuple(diagnostics)


def _supabase_directories(tree: Tree) -> Iterator[str]:
    wanted = re.compile(r"((?:.*/)?supabase)/(?:(?:migrations|schemas)/.+\.sql|config\.toml|roles\.sql)", re.DOTALL)
    yield from sorted({found[1] for path in tree.paths() if (found := wanted.fullmatch(path))})


def _of_source(tree: Tree, source: DatabaseSource) -> tuple[MigrationSet | None, list[Diagnostic]]:
    """Return the set of migrations that a source in the settings names, None where it has no files, and diagnostics."""
    below = source.path + "/" if source.path else ""
    suffixes = (".sql", ".py") if source.format is MigrationFormat.ALEMBIC else (".sql",)
    paths = [p for p in tree.paths() if (p == source.path or p.startswith(below)) and p.endswith(suffixes)]
    directory = parent(source.path) if source.path in paths else source.path
    match source.format:
        case MigrationFormat.SUPABASE:
            top = source.path if any(p.startswith(f"{below}migrations/") for p in paths) else parent(source.path)
            is_folder = any(parent(p) == source.path for p in paths) and source.path.endswith("migrations")
            made, diagnostics = supabase_project(tree, top if is_folder else source.path)
        case MigrationFormat.FLYWAY:
            files, diagnostics = flyway.ordered(paths)
            made = MigrationSet(directory, directory, files)
        case MigrationFormat.ALEMBIC:
            files, diagnostics = alembic.ordered(tree, paths)
            made = MigrationSet(directory, directory, files)
        case MigrationFormat.PLAIN:
            config, problems = config_of(tree, f"{below}config.toml")
            files, reported = plain.ordered(source, paths)
            made, diagnostics = MigrationSet(directory, directory, files, config), [*problems, *reported]
    if made is None or not made.files:
        what = f"There are no {source.format} migrations in {source.path or '.'}. Correct `path` or `format`."
        return None, [*diagnostics, error("No migrations found", what, source.place)]
    return msgspec.structs.replace(made, source=source), diagnostics


def folder(tree: Tree, directory: str) -> tuple[MigrationSet, tuple[Diagnostic, ...]]:
    """Return the SQL files directly in a directory as one set, ordered by name, with its config.toml."""
    files = tuple(path for path in tree.paths() if parent(path) == directory and path.endswith(".sql"))
    config, diagnostics = config_of(tree, f"{directory}/config.toml" if directory else "config.toml")
    return MigrationSet(directory, directory, files, config), diagnostics
