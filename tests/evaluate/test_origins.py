"""Origins of values: each step with its line, through objects, modules, loops and functions."""

from pathlib import Path

from tests.support.modules import root_of
from tests.support.snapshots import check

from iacpolicy.engine.traces import trace_of_origins
from iacpolicy.pipeline.commands.eval_expressions import evaluations

FOLDER = Path(__file__).parents[2] / "fixtures" / "expressions" / "origins"


def test_every_step_has_its_line() -> None:
    """The traces of the values in `questions.txt` are those in `answers.txt`."""
    files = {p.relative_to(FOLDER).as_posix(): p.read_text(encoding="utf-8") for p in FOLDER.rglob("*.tf*")}
    root = root_of(files, variables={"region": "us"})
    lines: list[str] = []
    for answer in evaluations(root, (FOLDER / "questions.txt").read_text(encoding="utf-8").splitlines()):
        assert answer.error is None
        assert answer.value is not None
        lines.append(answer.expression)
        for hop in trace_of_origins(answer.value.origins):
            place = f"{hop.path}:{hop.line}" if hop.path else "-"
            lines.append(f"  {hop.kind:9} {place:18} {hop.text}")
    check(FOLDER / "answers.txt", "\n".join(lines) + "\n")
