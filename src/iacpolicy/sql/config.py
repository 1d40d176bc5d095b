"""`supabase/config.toml`: which schemas the API shows, and whether new tables are granted to its roles."""

import re
import tomllib
from enum import StrEnum
from typing import Any

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start


class DefaultGrants(StrEnum):
    """What API roles get on a new table: `AUTO` everything, as on older projects, `NONE` nothing without a GRANT."""

    AUTO = "auto"
    NONE = "none"


class Config(msgspec.Struct, frozen=True):
    """What the file says; None where it is silent. The spans point at the keys."""

    path: str
    schemas: tuple[str, ...] | None = None
    schemas_at: Span | None = None
    default_grants: DefaultGrants | None = None
    default_grants_at: Span | None = None
    schema_paths: tuple[str, ...] = ()
    anonymous_sign_in: bool | None = None
    anonymous_sign_in_at: Span | None = None


def read(source: SourceFile) -> tuple[Config | None, tuple[Diagnostic, ...]]:
    """The configuration, and what is wrong with it; None where the file cannot be read at all."""
    try:
        document = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        line = re.search(r"at line (\d+)", str(problem))
        number = int(line[1]) if line else 1
        place = Span(source.path, number, 1, number, 1)
        why = str(problem) if isinstance(problem, tomllib.TOMLDecodeError) else "nested too deeply"
        return None, (error("Supabase configuration cannot be read", f"{why}. Correct the file.", place),)
    diagnostics: list[Diagnostic] = []
    api = _table(document, "api", source, diagnostics)
    migrations = _table(_table(document, "db", source, diagnostics), "migrations", source, diagnostics)
    schemas = _strings(api, "schemas", "api", source, diagnostics)
    exposes = api.get("auto_expose_new_tables")
    if exposes is not None and not isinstance(exposes, bool):
        diagnostics.append(_wrong("auto_expose_new_tables", "true or false", "api", source))
        exposes = None
    anonymous = _table(document, "auth", source, diagnostics).get("enable_anonymous_sign_ins")
    if anonymous is not None and not isinstance(anonymous, bool):
        diagnostics.append(_wrong("enable_anonymous_sign_ins", "true or false", "auth", source))
        anonymous = None
    config = Config(
        path=source.path,
        schemas=schemas,
        schemas_at=key_span(source, "api", "schemas") if schemas is not None else None,
        default_grants=None if exposes is None else DefaultGrants.AUTO if exposes else DefaultGrants.NONE,
        default_grants_at=None if exposes is None else key_span(source, "api", "auto_expose_new_tables"),
        anonymous_sign_in=anonymous,
        anonymous_sign_in_at=None if anonymous is None else key_span(source, "auth", "enable_anonymous_sign_ins"),
        schema_paths=_strings(migrations, "schema_paths", "db.migrations", source, diagnostics) or (),
    )
    return config, tuple(diagnostics)


def key_span(source: SourceFile, section: str, key: str) -> Span:
    """The place of a key below a section's header; the file's start where it is written in another way."""
    inside = False
    for number in range(1, len(source.line_starts) + 1):
        line = source.line(number)
        header = re.match(r"\s*\[\s*([^\]]+?)\s*\]", line)
        if header:
            inside = header[1] == section
        elif inside and (found := re.match(rf"\s*({re.escape(key)})\s*=", line)):
            return Span(source.path, number, found.start(1) + 1, number, len(line) + 1)
    return file_start(source.path)


def _table(parent: dict[str, Any], key: str, source: SourceFile, diagnostics: list[Diagnostic]) -> dict[str, Any]:
    value = parent.get(key, {})
    if isinstance(value, dict):
        return value
    diagnostics.append(_wrong(key, "a table", "", source))
    return {}


def _strings(
    parent: dict[str, Any], key: str, section: str, source: SourceFile, diagnostics: list[Diagnostic]
) -> tuple[str, ...] | None:
    value = parent.get(key)
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        if not any(item.startswith("env(") for item in value):
            return tuple(value)
        detail = f"`{key}` takes a value from the environment, which is not read; it was left out. Write it out."
        diagnostics.append(error("Supabase configuration is not complete", detail, key_span(source, section, key)))
        return None
    diagnostics.append(_wrong(key, "a list of strings", section, source))
    return None


def _wrong(key: str, expected: str, section: str, source: SourceFile) -> Diagnostic:
    where = key_span(source, section, key)
    return error("Supabase configuration cannot be read", f"`{key}` must be {expected}; it was left out.", where)
