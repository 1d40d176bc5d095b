"""The search of parts of a version finds every secret that a search of the whole file finds."""

from pathlib import Path

import pytest

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import parent
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.secrets.history.suspects import SuspectParts
from iacpolicy.secrets.search.single_file import secrets_of_terraform

FIXTURES = Path(__file__).parents[2] / "fixtures"
FILES = sorted(
    p for folder in ("secrets", "repos") for p in (FIXTURES / folder).rglob("*") if p.suffix in (".tf", ".tfvars")
)
CATALOGUE = Catalogue()


def _whole(path: str, text: str) -> set[str]:
    return {s.text for s in secrets_of_terraform({path: text}, parent(path), CATALOGUE).secrets}


def _in_parts(suspects: SuspectParts, path: str, text: str) -> set[str]:
    parts, leads = suspects.parts(path, text)
    found = _whole(path, text) if leads else set()
    for _, part in parts:
        found |= _whole(path, part)
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda p: str(p.relative_to(FIXTURES)))
def test_every_secret_is_found_whichever_line_is_added_last(file: Path) -> None:
    """All secrets of a file are found, whichever of its lines is added last."""
    path, text = "root/" + file.name, file.read_text()
    wanted = _whole(path, text)
    lines = text.split("\n")
    telling = [at for at, line in enumerate(lines) if any(secret.split("\n")[0] in line for secret in wanted if secret)]
    assert wanted <= _in_parts(SuspectParts(CATALOGUE), path, text)
    for at in telling[:12]:
        suspects = SuspectParts(CATALOGUE)
        seen = _in_parts(suspects, path, "\n".join([*lines[:at], *lines[at + 1 :]]))
        assert wanted <= seen | _in_parts(suspects, path, text), lines[at]


def test_a_reference_is_skipped() -> None:
    """A line that passes a variable is skipped, although it has the name of a password."""
    suspects = SuspectParts(CATALOGUE)
    block = 'resource "aws_db_instance" "x" {\n  password = var.database_password\n}\n'
    assert suspects.parts("main.tf", block) == ([], False)


def test_old_lines_are_not_searched_again() -> None:
    """A secret is searched only in the version that adds it."""
    suspects = SuspectParts(CATALOGUE)
    first = 'locals {\n  db_password = "Vq7mKd2Lw9xTr"\n}\n'
    assert [part for _, part in suspects.parts("a.tf", first)[0]] == [first]
    assert suspects.parts("a.tf", first + '\nlocals {\n  size = "large"\n}\n')[0] == []


def test_a_file_with_many_parts_is_searched_once() -> None:
    """A file of many assignments is not searched line by line, and takes time in proportion to its length."""
    text = "".join(f'x{n}_token = "Vq7mKd2Lw9x{n}"\n' for n in range(20_000))
    suspects = SuspectParts(CATALOGUE)
    assert suspects.parts("a.tfvars", text) == ([(0, text)], False)
    unclosed = 'x = "{"\n' + text
    assert suspects.parts("b.tfvars", unclosed) == ([(0, unclosed)], False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tokens = [\n]\n", 'tokens = [\n  "8f3kQz1Jm5Wn7Bt2Ys6Hd4Gc",\n]\n'),
        ("api_tokens = {\n}\n", 'api_tokens = {\nfirst = "8f3kQz1Jm5Wn7Bt2Ys6Hd4Gc"\n}\n'),
        ("locals {\n  password = <<-EOT\n  EOT\n}\n", "locals {\n  password = <<-EOT\n    8f3kQz1Jm5Wn\n  EOT\n}\n"),
        (
            'locals {\n  e = [{ \n    name  = "API_TOKEN"\n    value = ""\n  }]\n}\n',
            'locals {\n  e = [{ \n    name  = "API_TOKEN"\n    value = "8f3kQz1Jm5Wn7Bt2Ys6Hd4Gc"\n  }]\n}\n',
        ),
        (
            'variable "x" {\n  default = "Vq7mKd2Lw9xTr"\n}\n',
            'variable "x" {\n  default = "Vq7mKd2Lw9xTr"\n  sensitive = true\n}\n',
        ),
        (
            'resource "aws_ssm_parameter" "x" {\n  name = "x"\n  type = "String"\n  value = "Vq7mKd2Lw9xTr"\n}\n',
            'resource "aws_ssm_parameter" "x" {\n  name = "x"\n  type = "SecureString"\n  value = "Vq7mKd2Lw9xTr"\n}\n',
        ),
        (
            'locals {\n  x = "Vq7mKd2Lw9xTr"\n}\n',
            'locals {\n  x = "Vq7mKd2Lw9xTr"\n}\nresource "aws_db_instance" "y" {\n  password = local.x\n}\n',
        ),
        (
            'resource "aws_db_instance" "y" {\n  password = local.x\n}\n',
            'resource "aws_db_instance" "y" {\n  password = local.x\n}\nlocals {\n  x = "Vq7mKd2Lw9xTr"\n}\n',
        ),
    ],
)
def test_a_line_that_makes_another_line_a_secret_is_searched(before: str, after: str) -> None:
    """A new line can be a secret by the lines around it, or by references to it."""
    suspects = SuspectParts(CATALOGUE)
    path = "x.tf" if "{\n  " in before else "terraform.tfvars"
    assert _in_parts(suspects, path, before) == set() or "String" in before
    found = _in_parts(suspects, path, after)
    assert found, SourceFile(path, after).text
