"""The cases under fixtures/sql: a folder of migrations each, with the expected verdicts on their lines."""

import re
from pathlib import Path

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.tree import WorkTree
from iacpolicy.sql.migrations.discover import SchemaModel, folder, load_set
from iacpolicy.sql.privileges.exposure import Verdict, exposures

ROOT = Path(__file__).parents[2] / "fixtures" / "sql"
NAMES = sorted(path.name for path in ROOT.iterdir() if path.is_dir())
POLICY = "row-level-security"

_mark = re.compile(r"-- (expect|expect-undecided): (\S+)")
_verdicts = {"expect": Verdict.EXPOSED, "expect-undecided": Verdict.UNCERTAIN}


def load(name: str) -> tuple[SchemaModel, tuple[Diagnostic, ...]]:
    """Return the model of one case, and the diagnostics about its files."""
    tree = WorkTree(ROOT)
    migrations, found = folder(tree, name)
    model, said = load_set(tree, migrations)
    return model, (*found, *said)


def files(name: str) -> list[Path]:
    """Return the migrations of a case in order."""
    return sorted((ROOT / name).glob("*.sql"))


def expected(name: str) -> list[tuple[str, int, Verdict]]:
    """Return file, line and verdict of every expectation in a case."""
    return sorted(
        (f"{name}/{path.name}", number, _verdicts[found[1]])
        for path in files(name)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for found in _mark.finditer(line)
        if found[2] == POLICY
    )


def decided(model: SchemaModel) -> list[tuple[str, int, Verdict]]:
    """Return file, line and verdict of every table that is not fine."""
    return sorted(
        (answer.place.path, answer.place.line, answer.verdict)
        for answer in exposures(model)
        if answer.verdict is not Verdict.FINE
    )


def without_oracle(name: str) -> str | None:
    """Return the reason why a case cannot be loaded into PostgreSQL unchanged; None where it can."""
    found = re.match(r"-- oracle: no \((.*)\)", files(name)[0].read_text(encoding="utf-8"))
    return found[1] if found else None
