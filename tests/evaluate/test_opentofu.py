"""OpenTofu's language holds in OpenTofu's files only."""

import pytest
from tests.evaluate.test_language import answer
from tests.oracle import language
from tests.support.modules import root_of

from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.expressions.context import CONSOLE, Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.hcl.parse import parse_expression

TEXT = (language.FOLDER / "opentofu.tofu").read_text(encoding="utf-8")
DECODED = 'locals {\n  x = urldecode("a%20b")\n}\n'


def typed(root: ModuleInstance, text: str) -> object:
    """Return the value of an expression from `eval` in the directory of a root module.

    Raises:
        EvaluationError: the expression is refused.

    """
    source = SourceFile(CONSOLE, text)
    node, _ = parse_expression(source)
    return evaluate(node, Context(root, source, {})).data


def test_answers() -> None:
    """Each expression of the fixture has the answer beside it."""
    root = root_of({"main.tofu": TEXT})
    cases = language.cases_of(TEXT)
    assert len(cases) > 45
    wrong = [f"{c.expression} => {c.answer}, not {got}" for c in cases if (got := answer(root, c.name)) != c.answer]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", ["main.tofu", "main_override.tofu"])
def test_in_files_of_opentofu(path: str) -> None:
    """OpenTofu's functions exist in each kind of its files, also in override files."""
    root = root_of({path: DECODED, "other.tf": 'locals {\n  x = "plain"\n}\n' if "override" in path else ""})
    assert root.local("x").data == "a b"
    assert not root.session.problems


def test_in_json() -> None:
    """JSON files of OpenTofu have its functions too."""
    assert root_of({"m.tofu.json": '{"locals": {"x": "${urldecode(\\"a%20b\\")}"}}'}).local("x").data == "a b"


@pytest.mark.parametrize("beside", ["", 'locals {\n  y = urldecode("%20")\n}\n'])
def test_not_in_files_of_terraform(beside: str) -> None:
    """A `.tf` file has Terraform's functions only; the error names OpenTofu."""
    root = root_of({"main.tf": DECODED, "beside.tofu": beside})
    assert root.local("x").is_unknown
    (problem,) = root.session.problems.values()
    assert (problem.summary, problem.location.path) == ("Call to unknown function", "main.tf")  # type: ignore[union-attr]
    assert "OpenTofu has one" in problem.detail


def test_files_replace_those_of_terraform() -> None:
    """`x.tofu` replaces `x.tf`, and `x.tofu.json` replaces `x.tf.json`."""
    files = {
        "a.tf": "locals {\n  a = 1\n}\n",
        "a.tofu": "locals {\n  a = 2\n}\n",
        "b.tf.json": '{"locals": {"b": 1}}',
        "b.tofu.json": '{"locals": {"b": 2}}',
        "c.tf": "locals {\n  c = 1\n}\n",
    }
    root = root_of(files)
    assert [int(root.local(name).data) for name in "abc"] == [2, 2, 1]


def test_typed_expressions() -> None:
    """An expression for `eval` has OpenTofu's functions in a directory with a file of OpenTofu."""
    assert typed(root_of({"main.tofu": ""}), 'urldecode("%41")') == "A"
    with pytest.raises(EvaluationError, match="OpenTofu has one"):
        typed(root_of({"main.tf": ""}), 'urldecode("%41")')


def test_templates() -> None:
    """A template has the functions of the module that renders it, and can render others in OpenTofu only."""
    files = {"a.tftpl": '${urldecode("%41")}', "b.tftpl": '${templatefile("a.tftpl", {})}'}
    local = 'locals {\n  x = templatefile("b.tftpl", {})\n}\n'
    assert root_of({"main.tofu": local, **files}).local("x").data == "A"
    root = root_of({"main.tf": local, **files})
    assert root.local("x").is_unknown
    assert "from inside of another" in next(iter(root.session.problems.values())).detail


def test_bomb_of_gzip() -> None:
    """Data that unpacks to more than the limit of strings is refused, and the error names the limit."""
    import base64
    import gzip

    bomb = base64.b64encode(gzip.compress(b"\0" * 20_000_000)).decode()
    with pytest.raises(EvaluationError, match="limit: length of strings"):
        typed(root_of({"main.tofu": ""}), f'base64gunzip("{bomb}")')
    many = base64.b64encode(gzip.compress(b"") * 200).decode()
    with pytest.raises(EvaluationError, match="limit: members of gzip"):
        typed(root_of({"main.tofu": ""}), f'base64gunzip("{many}")')
