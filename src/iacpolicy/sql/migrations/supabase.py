"""The files of a Supabase project in the order in which the Supabase CLI applies them.

Source: supabase/cli, `pkg/migration/{list,file,seed,apply}.go`, `pkg/config/config.go`, `internal/db/diff/diff.go`.
"""

import re
from collections.abc import Sequence

from iacpolicy.core.diagnostics import Diagnostic, error, note, warning
from iacpolicy.core.globs import GO_MATCH, matching
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import Tree, join, parent
from iacpolicy.sql.migrations.migration_set import MigrationSet
from iacpolicy.sql.migrations.supabase_config import SupabaseConfig, read

_migration = re.compile(r"([0-9]+)_(.*)\.sql", re.DOTALL).fullmatch
_old_init = re.compile(r"[0-9]{14}_init\.sql").search
_FIRST_INIT = 20211209000000


def supabase_project(tree: Tree, directory: str) -> tuple[MigrationSet | None, list[Diagnostic]]:
    """Return the set of the Supabase project in a directory, None where it has no files, and the diagnostics."""
    paths = [path for path in tree.paths() if path.endswith(".sql")]
    config, problems = config_of(tree, _inside(directory, "config.toml"))
    migrations = _inside(directory, "migrations")
    files, refused, reported = _migrations(migrations, [p for p in paths if p.startswith(f"{migrations}/")])
    diagnostics = [*problems, *reported]
    if config is not None and not config.migrations_enabled and files:
        diagnostics.append(
            warning(
                "Migrations are disabled",
                "The Supabase CLI applies none while `[db.migrations] enabled` is false, so they were not replayed.",
                config.migrations_enabled_at,
            )
        )
        files = []
    declared, reported = _declared(directory, config, paths)
    if not files:
        diagnostics.extend(reported)
    if files and declared and config is not None and config.schema_paths:
        diagnostics.append(
            note(
                "Declared schemas are not replayed",
                "The migrations define the database; statements that are only in schema_paths were not replayed.",
                config.schemas_paths_at,
            )
        )
    files = files or declared
    if not files:
        return None, diagnostics
    roles = _inside(directory, "roles.sql")
    first = (roles,) if tree.exists(roles) else ()
    seeding, reported = _seeds(directory, config, paths)
    seeds = tuple(path for path in seeding if path not in files)
    twice = tuple(path for path in refused if path in files)
    made = MigrationSet(migrations, parent(directory), (*first, *files, *seeds), config, seeds, twice)
    return made, [*diagnostics, *reported]


def config_of(tree: Tree, path: str) -> tuple[SupabaseConfig | None, tuple[Diagnostic, ...]]:
    """Return the contents of a `config.toml`, None where there is none, and the diagnostics."""
    if not tree.exists(path):
        return None, ()
    source = tree.read(path)
    return (None, (source,)) if isinstance(source, Diagnostic) else read(source)


def _inside(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name


def _migrations(directory: str, paths: Sequence[str]) -> tuple[list[str], list[str], list[Diagnostic]]:
    """Return the files that the Supabase CLI applies: `<digits>_<name>.sql` directly in the directory, by file name.

    The second list holds those whose version another file has, the third one the diagnostics.
    """
    files: list[str] = []
    refused: list[str] = []
    diagnostics: list[Diagnostic] = []
    versions: dict[str, str] = {}
    for index, path in enumerate(sorted(paths)):
        name = path[len(directory) + 1 :]
        found = _migration(name) if "/" not in name else None
        if found is None:
            diagnostics.append(
                warning(
                    "Migration is skipped",
                    f"The Supabase CLI applies only files named <timestamp>_<name>.sql directly in {directory}. "
                    "Rename the file if it is a migration.",
                    file_start(path),
                )
            )
            continue
        if index == 0 and _old_init(name) and int(name[:14]) < _FIRST_INIT:
            what = (
                "The Supabase CLI skips a first migration of this name, because its old versions created one. "
                "Rename the file."
            )
            diagnostics.append(warning("Migration is skipped", what, file_start(path)))
            continue
        version = found[1]
        if version in versions:
            refused.append(path)
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
    return files, refused, [*diagnostics, *_out_of_order(versions)]


def _out_of_order(versions: dict[str, str]) -> list[Diagnostic]:
    """Return a warning for the first file that runs before one of a smaller number: names compare as text."""
    highest = ""
    for version, path in versions.items():
        if highest and int(version[:30]) < int(highest[:30]):
            what = (
                f"The Supabase CLI orders by name, so {versions[highest]} runs before {path}, whose number is "
                "smaller. Give the versions the same number of digits."
            )
            return [warning("Migrations run in the order of their names", what, file_start(path))]
        highest = version
    return []


def _declared(
    directory: str, config: SupabaseConfig | None, paths: Sequence[str]
) -> tuple[list[str], list[Diagnostic]]:
    """Return the files of `schema_paths`, in the order of its patterns, each once, and the diagnostics.

    Without `schema_paths`, the files are all of `schemas`.
    """
    if config is None or not config.schema_paths:
        below = _inside(directory, "schemas") + "/"
        return sorted((p for p in paths if p.startswith(below)), key=lambda p: p.split("/")), []
    return _matched(directory, config.schema_paths, paths, "schema_paths", config.schemas_paths_at)


def _seeds(directory: str, config: SupabaseConfig | None, paths: Sequence[str]) -> tuple[list[str], list[Diagnostic]]:
    """Return the files of `[db.seed]`, by default `seed.sql`, and the diagnostics."""
    if config is None or config.seed_paths is None:
        default = _inside(directory, "seed.sql")
        enabled = config is None or config.seed_enabled
        return [default] if enabled and default in paths else [], []
    if not config.seed_enabled:
        return [], []
    at = config.seed_paths_at if config.seed_paths not in {("seed.sql",), ("./seed.sql",)} else None
    return _matched(directory, config.seed_paths, paths, "sql_paths", at)


def _matched(
    directory: str, patterns: Sequence[str], paths: Sequence[str], key: str, at: Span | None
) -> tuple[list[str], list[Diagnostic]]:
    """Return the files that match the patterns, and, if the key has a place, a warning for each unused pattern."""
    files: dict[str, None] = {}
    diagnostics: list[Diagnostic] = []
    for pattern in patterns:
        full = join(directory, pattern)
        found = matching(full, paths, GO_MATCH) if full is not None else []
        if not found and at is not None:
            what = f"No SQL file of the repository matches the pattern `{pattern}` of `{key}`. Correct it."
            diagnostics.append(warning("Pattern matches nothing", what, at))
        files.update(dict.fromkeys(sorted(found)))
    return list(files), diagnostics
