"""The cases of `fixtures/expressions/language_*.tf`: locals with Terraform's answer in a comment.

`name = expression # => answer`. An answer is `error` or a value in JSON. Unknown parts are `unknown`, and a sensitive
part is `sensitive(…)`. ` as TYPE` follows if JSON does not determine the type of a known value. After a heredoc the
comment has its own line. `# =>` alone is a case that is not recorded yet. If our answer differs, a line `# differs: …`
above the case has the reason, and `# ours: …` after the answer has ours.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.oracle.terraform import Answer, Exact, ask

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.types import BOOL, DYNAMIC, NUMBER, STRING, TupleType, Type, object_type
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.value import SENSITIVE, Choice, Unknown, Value, is_wholly_known
from iacpolicy.hcl.parse import parse

FOLDER = Path(__file__).parents[2] / "fixtures" / "expressions"
_MARK = re.compile(r"#\s*=>(.*)$")


@dataclass(frozen=True, slots=True)
class Case:
    """A local of a fixture and its recorded answer."""

    name: str
    expression: str
    start: int
    end: int
    line: int
    answer: str
    ours: str | None
    reason: str | None


def fixtures() -> list[Path]:
    """Return the files with cases of the language."""
    return sorted(FOLDER.glob("language_*.tf"))


def cases_of(text: str) -> list[Case]:
    """Return the cases of a fixture, in order."""
    source = SourceFile("main.tf", text)
    file, problems = parse(source)
    assert not problems, problems[0]
    found = []
    for block in file.body.blocks:
        if block.type != "locals":
            continue
        for attribute in block.body.attributes:
            line = source.position(attribute.end)[0]
            is_heredoc = source.line(line).strip().isidentifier() and "<<" in text[attribute.start : attribute.end]
            mark = _MARK.search(source.line(line + is_heredoc))
            if mark is None:
                continue
            above = source.line(source.position(attribute.start)[0] - 1).strip()
            answer, _, ours = mark[1].partition("# ours:")
            expression = text[attribute.value.start : attribute.value.end]
            expression += "\n" if is_heredoc and not expression.endswith("\n") else ""
            found.append(
                Case(
                    attribute.name,
                    expression,
                    attribute.start,
                    attribute.end,
                    line + is_heredoc,
                    answer.strip(),
                    ours.strip() or None,
                    above.removeprefix("# differs:").strip() if above.startswith("# differs:") else None,
                )
            )
    return found


def context_of(text: str) -> str:
    """Return a fixture without its cases: the objects to which they refer."""
    for case in reversed(cases_of(text)):
        text = text[: case.start] + text[case.end :]
    return text


def recorded(text: str, beside: Mapping[str, str] | None = None, providers: Mapping[str, str] | None = None) -> str:
    """Return a fixture with Terraform's answers recorded in it; `providers` as in `ask`."""
    cases = cases_of(text)
    answers = ask({c.name: c.expression for c in cases}, {"context.tf": context_of(text), **(beside or {})}, providers)
    lines = text.split("\n")
    for case in cases:
        before, _, after = lines[case.line - 1].partition("# =>")
        ours = f"  # ours:{after.partition('# ours:')[2]}" if "# ours:" in after else ""
        lines[case.line - 1] = f"{before}# => {answer_text(answers[case.name])}{ours}"
    return "\n".join(lines)


def answer_text(answer: Answer) -> str:
    """Return Terraform's answer in the notation of the fixtures."""
    if answer.error is not None:
        return "error"
    text = _text(answer.value, answer.unknown, answer.sensitive)
    if answer.type is not None and answer.type != _natural(answer.value):
        text += f" as {answer.type}"
    return text


def value_text(value: Value) -> str:
    """Return a computed value in the notation of the fixtures."""
    text = _value_text(value)
    if value.data is not None and is_wholly_known(value) and value.type != _natural(_json(value)):
        text += f" as {value.type}"
    return text


def _text(value: Any, unknown: Any, sensitive: Any) -> str:
    if sensitive is True:
        return f"sensitive({_text(value, unknown, False)})"
    if unknown is True:
        return "unknown"
    if isinstance(value, dict) or isinstance(unknown, dict):
        keys = sorted({*(value or {}), *(unknown or {})})
        return "{" + ",".join(f"{json.dumps(k)}:{_text(*_parts(k, value, unknown, sensitive))}" for k in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_text(*_parts(i, value, unknown, sensitive)) for i in range(len(value))) + "]"
    return str(value) if isinstance(value, Exact) else json.dumps(value, ensure_ascii=False)


def _parts(key: Any, *wholes: Any) -> tuple[Any, ...]:
    found = []
    for whole in wholes:
        if isinstance(whole, dict):
            found.append(whole.get(key, False))
        else:
            found.append(whole[key] if isinstance(whole, list) and key < len(whole) else False)
    return tuple(found)


def _value_text(value: Value, inside: bool = False) -> str:
    if value.marks & SENSITIVE and not inside:
        return f"sensitive({_value_text(value, True)})"
    data = value.data
    if isinstance(data, Unknown | Choice):
        return "unknown"
    if isinstance(data, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{_value_text(v, inside)}" for k, v in sorted(data.items())) + "}"
    if isinstance(data, tuple):
        return "[" + ",".join(_value_text(v, inside) for v in data) + "]"
    if isinstance(data, Number):
        return str(data) if data.mantissa else "0"  # a plan file has no -0
    return json.dumps(data, ensure_ascii=False)


def _json(value: Value) -> Any:
    data = value.data
    if isinstance(data, dict):
        return {k: _json(v) for k, v in data.items()}
    if isinstance(data, tuple):
        return [_json(v) for v in data]
    return Exact(data) if isinstance(data, Number) else data


def _natural(value: Any) -> Type:
    """Return the type that a JSON document has by itself."""
    if value is None:
        return DYNAMIC
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, Exact):
        return NUMBER
    if isinstance(value, str):
        return STRING
    if isinstance(value, list):
        return TupleType(tuple(_natural(v) for v in value))
    return object_type({k: _natural(v) for k, v in value.items()})
