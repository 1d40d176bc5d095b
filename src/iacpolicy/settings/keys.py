"""Every key of a settings file, with what it may be."""

from collections.abc import Mapping

import msgspec

from iacpolicy.policy.meta import Severity
from iacpolicy.settings.settings import MAX_WORLDS
from iacpolicy.settings.value_types import Kind, integer, one_of, path, paths, reasons, strings, text
from iacpolicy.sql.migrations.source_formats import Format

SEVERITIES = tuple(severity.value for severity in Severity)
_VERDICT = one_of("fail", "allow")


class Table(msgspec.Struct, frozen=True):
    """A table: its keys, and what the tables are that users name themselves.

    `open` keeps unknown keys for whoever knows them (the options of a policy).
    """

    keys: Mapping[str, "Kind | Table"]
    named: "Table | None" = None
    open: bool = False


ALLOWED = ("allowed_files", "allowed_variables", "allowed_arguments", "allowed_paths")
ROOT = Table(
    {
        "fail_on": one_of(*SEVERITIES, "never"),
        "exclude": strings,
        "policy_dirs": paths,
        "baseline": path,
        "worlds": integer(1, MAX_WORLDS),
        "gate": Table({"possible": _VERDICT, "undecided": _VERDICT, "uninstalled_modules": _VERDICT}),
        "policies": Table(
            {"enabled": strings, "skip": strings},
            named=Table({"severity": one_of(*SEVERITIES)}, open=True),
        ),
        "workspaces": Table({}, named=Table({"var_files": paths})),
        "roots": Table({}, named=Table({"workspaces": strings})),
        "database": Table({"default_grants": one_of("auto", "none")}),
        "databases": Table(
            {},
            named=Table(
                {
                    "path": path,
                    "format": one_of(*(format.value for format in Format)),
                    "files": strings,
                    "root": path,
                    "project": text,
                    "provider": text,
                    "database": text,
                    "default_grants": one_of("auto", "none"),
                    "exposed_schemas": strings,
                }
            ),
        ),
        "secrets": Table(dict.fromkeys(ALLOWED, reasons)),
        "checkov": Table({"mode": one_of("auto", "on", "off"), "external_checks_dir": path}),
    }
)
