"""`supabase/config.toml`: the schemas that the API shows, and the default grants on new tables."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Any

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start


class DefaultGrants(StrEnum):
    """The privileges of the API's roles on a new table: `AUTO` all, as on older projects, `NONE` none."""

    AUTO = "auto"
    NONE = "none"


class ApiConfig(msgspec.Struct, frozen=True):
    """The settings of the API in one section of the file; None where a setting is absent."""

    schemas: tuple[str, ...] | None = None
    schemas_at: Span | None = None
    default_grants: DefaultGrants | None = None
    default_grants_at: Span | None = None
    anonymous_sign_in: bool | None = None
    anonymous_sign_in_at: Span | None = None


class RemoteConfig(msgspec.Struct, frozen=True):
    """`[remotes.NAME]`: the settings that replace others where the CLI is linked to this project."""

    name: str
    project: str | None
    shown: ApiConfig
    place: Span


class SupabaseConfig(msgspec.Struct, frozen=True):
    """The contents of the file; None where a setting is absent. The spans are those of the keys."""

    path: str
    project: str | None = None
    shown: ApiConfig = ApiConfig()
    remotes: tuple[RemoteConfig, ...] = ()
    schema_paths: tuple[str, ...] = ()
    schemas_paths_at: Span | None = None
    migrations_enabled: bool = True
    migrations_enabled_at: Span | None = None
    seed_enabled: bool = True
    seed_paths: tuple[str, ...] | None = None
    seed_paths_at: Span | None = None

    def shown_by(self, project: str | None) -> ApiConfig:
        """Return the settings for the project of this reference: those of its remote, else those of the whole file."""
        for remote in self.remotes:
            if project is not None and remote.project == project:
                replaced = {
                    name: value for name in ApiConfig.__struct_fields__ if (value := getattr(remote.shown, name))
                }
                replaced |= {n: False for n in ("anonymous_sign_in",) if remote.shown.anonymous_sign_in is False}
                if remote.shown.schemas is not None:
                    replaced["schemas"] = remote.shown.schemas
                return msgspec.structs.replace(self.shown, **replaced)
        return self.shown


def read(source: SourceFile) -> tuple[SupabaseConfig | None, tuple[Diagnostic, ...]]:
    """Return the configuration and the diagnostics; no configuration where the file cannot be read at all."""
    from iacpolicy.core.places.toml_places import TomlError, read_toml  # most repositories have no such file

    try:
        document = read_toml(source)
    except TomlError as problem:
        summary = "Supabase configuration cannot be read"
        return None, (error(summary, f"{problem.reason}. Correct the file.", problem.place),)
    diagnostics: list[Diagnostic] = []
    reading = _ConfigReader(source, diagnostics)
    database = reading.table(document, "db", "")
    migrations = reading.table(database, "migrations", "db")
    seed = reading.table(database, "seed", "db")
    project = document.get("project_id")
    return SupabaseConfig(
        path=source.path,
        project=project if isinstance(project, str) else None,
        shown=reading.shown(document, ""),
        remotes=tuple(reading.remotes(document)),
        schema_paths=reading.strings(migrations, "schema_paths", "db.migrations") or (),
        schemas_paths_at=reading.place(migrations, "schema_paths", "db.migrations"),
        migrations_enabled=reading.switch(migrations, "enabled", "db.migrations") is not False,
        migrations_enabled_at=reading.place(migrations, "enabled", "db.migrations"),
        seed_enabled=reading.switch(seed, "enabled", "db.seed") is not False,
        seed_paths=reading.strings(seed, "sql_paths", "db.seed"),
        seed_paths_at=reading.place(seed, "sql_paths", "db.seed"),
    ), tuple(diagnostics)


class _ConfigReader:
    """Reads the values of one file; a value of the wrong type is reported and left out."""

    def __init__(self, source: SourceFile, diagnostics: list[Diagnostic]) -> None:
        self.source = source
        self.diagnostics = diagnostics

    @cached_property
    def _places(self) -> dict[tuple[str, ...], Span]:
        from iacpolicy.core.places.toml_places import key_places

        return key_places(self.source)

    def key_span(self, section: str, key: str) -> Span:
        """Return the place of a key, up to the end of its line; the file's start for a key without a place."""
        found = self._places.get((*filter(None, section.split(".")), key))
        if found is None:
            return file_start(self.source.path)
        return Span(found.path, found.line, found.column, found.line, len(self.source.line(found.line)) + 1)

    def shown(self, parent: dict[str, Any], prefix: str) -> ApiConfig:
        """Return the settings in `[api]` and `[auth]` of the file, or of a remote."""
        api_section, auth_section = f"{prefix}api", f"{prefix}auth"
        api = self.table(parent, "api", prefix.rstrip("."))
        auth = self.table(parent, "auth", prefix.rstrip("."))
        schemas = self.strings(api, "schemas", api_section)
        exposes = self.switch(api, "auto_expose_new_tables", api_section)
        anonymous = self.switch(auth, "enable_anonymous_sign_ins", auth_section)
        enabled = self.switch(api, "enabled", api_section)
        schemas_at = self.place(api, "schemas", api_section) if schemas is not None else None
        if enabled is False:
            schemas, schemas_at = (), self.place(api, "enabled", api_section)
        return ApiConfig(
            schemas=schemas,
            schemas_at=schemas_at,
            default_grants=None if exposes is None else DefaultGrants.AUTO if exposes else DefaultGrants.NONE,
            default_grants_at=None if exposes is None else self.place(api, "auto_expose_new_tables", api_section),
            anonymous_sign_in=anonymous,
            anonymous_sign_in_at=(
                None if anonymous is None else self.place(auth, "enable_anonymous_sign_ins", auth_section)
            ),
        )

    def remotes(self, document: dict[str, Any]) -> Iterator[RemoteConfig]:
        """Yield every `[remotes.NAME]`."""
        remotes = self.table(document, "remotes", "")
        for name in remotes:
            section = f"remotes.{name}"
            remote = self.table(remotes, name, "remotes")
            project = remote.get("project_id")
            place = self.place(remote, "project_id", section) or file_start(self.source.path)
            known = project if isinstance(project, str) and not project.startswith("env(") else None
            yield RemoteConfig(name, known, self.shown(remote, f"{section}."), place)

    def table(self, parent: dict[str, Any], key: str, section: str) -> dict[str, Any]:
        value = parent.get(key, {})
        if isinstance(value, dict):
            return value
        self.wrong(key, "a table", section)
        return {}

    def switch(self, parent: dict[str, Any], key: str, section: str) -> bool | None:
        value = parent.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(key, "true or false", section)
        return None

    def strings(self, parent: dict[str, Any], key: str, section: str) -> tuple[str, ...] | None:
        value = parent.get(key)
        if value is None:
            return None
        if isinstance(value, str) and not value.startswith("env("):
            return tuple(part.strip() for part in value.split(","))  # The CLI's decoder takes it the same way.
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            if not any(item.startswith("env(") for item in items):
                return tuple(items)
            detail = (
                f"`{key}` takes its value from the environment, which is not read, so it was left out. Write the value."
            )
            place = self.key_span(section, key)
            self.diagnostics.append(error("Supabase configuration is not complete", detail, place))
            return None
        self.wrong(key, "a list of strings", section)
        return None

    def place(self, parent: dict[str, Any], key: str, section: str) -> Span | None:
        return self.key_span(section, key) if key in parent else None

    def wrong(self, key: str, expected: str, section: str) -> None:
        where = self.key_span(section, key)
        detail = f"`{key}` must be {expected}; it was left out."
        self.diagnostics.append(error("Supabase configuration cannot be read", detail, where))
