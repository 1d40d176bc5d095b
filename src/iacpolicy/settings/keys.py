"""Every key of a settings file, with the reader of its value."""

from collections.abc import Mapping

import msgspec

from iacpolicy.policy.meta import Severity
from iacpolicy.settings.settings import MAX_WORLDS
from iacpolicy.settings.value_types import ValueReader, integer, one_of, path, paths, reasons, strings, text
from iacpolicy.sql.migrations.source_formats import MigrationFormat

SEVERITIES = tuple(severity.value for severity in Severity)
_VERDICT = one_of("fail", "allow")


class TableSpec(msgspec.Struct, frozen=True):
    """The specification of a table: its keys, and the specification of tables that users name.

    `open` keeps unknown keys, such as the options of a policy, which a later stage checks.
    """

    keys: Mapping[str, "ValueReader | TableSpec"]
    named: "TableSpec | None" = None
    open: bool = False


ALLOWED = ("allowed_files", "allowed_variables", "allowed_arguments", "allowed_paths")
ROOT = TableSpec(
    {
        "fail_on": one_of(*SEVERITIES, "never"),
        "exclude": strings,
        "policy_dirs": paths,
        "baseline": path,
        "worlds": integer(1, MAX_WORLDS),
        "gate": TableSpec({"possible": _VERDICT, "undecided": _VERDICT, "uninstalled_modules": _VERDICT}),
        "policies": TableSpec(
            {"enabled": strings, "skip": strings},
            named=TableSpec({"severity": one_of(*SEVERITIES)}, open=True),
        ),
        "workspaces": TableSpec({}, named=TableSpec({"var_files": paths})),
        "roots": TableSpec({}, named=TableSpec({"workspaces": strings})),
        "database": TableSpec({"default_grants": one_of("auto", "none")}),
        "databases": TableSpec(
            {},
            named=TableSpec(
                {
                    "path": path,
                    "format": one_of(*(format.value for format in MigrationFormat)),
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
        "secrets": TableSpec(dict.fromkeys(ALLOWED, reasons)),
        "checkov": TableSpec({"mode": one_of("auto", "on", "off"), "external_checks_dir": path}),
    }
)
