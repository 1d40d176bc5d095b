"""The results that a fixture expects, as marks on the lines of the findings.

`# expect: ID[, ID]` in HCL and `-- expect: ID` in SQL mean a certain finding on the line, `expect-possible` a possible
one, `expect-undecided` an undecided result. For files without comments (JSON, YAML) and for heredocs, the results are
in a file `expect.toml` of the same directory. It has a table `[[expect]]` with `file`, `line`, `id` and `kind` for each
result.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree, join, parent
from iacpolicy.sql.syntax.lexer import TokenKind as SqlKind
from iacpolicy.sql.syntax.lexer import tokens as sql_tokens
from iacpolicy.terraform.files import CONFIGURATION, ParsedFiles

TokenKind = Literal["certain", "possible", "undecided"]

FILE = "expect.toml"
_KINDS: dict[str | None, TokenKind] = {None: "certain", "-possible": "possible", "-undecided": "undecided"}
_MARK = re.compile(r"\s*expect(-possible|-undecided)?:\s*([A-Za-z0-9_-]+(?:\s*,\s*[A-Za-z0-9_-]+)*)")
_HCL = (*CONFIGURATION, ".tfvars", ".tfbackend")


class Expectation(msgspec.Struct, frozen=True, order=True):
    """A result of one policy on one line, either expected or found."""

    path: str
    line: int
    policy: str
    kind: TokenKind = "certain"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.policy} ({self.kind})"


class ExpectationError(Exception):
    """An `expect.toml` that is not valid; the message is the reason."""


def read_expectations(tree: Tree) -> list[Expectation]:
    """Return all expectations in a tree, sorted.

    Raises:
        ExpectationError: an `expect.toml` is not valid.
    """
    files = ParsedFiles(tree)
    found: list[Expectation] = []
    for path in tree.paths():
        if path.endswith(_HCL) and not path.endswith(".json"):
            found.extend(_in_hcl(files, path))
        elif path.endswith(".sql"):
            source = tree.read(path)
            if isinstance(source, SourceFile):
                found.extend(_in_sql(source))
        elif path.rpartition("/")[2] == FILE:
            found.extend(_in_toml(tree, path))
    return sorted(found)


def marks_of(path: str, line: int, comment: str) -> Iterator[Expectation]:
    """Yield the expectations in a comment; none for an ordinary comment."""
    rest = comment.lstrip("#/-*").rstrip("*/")
    while (mark := _MARK.match(rest)) is not None:
        for policy in mark[2].split(","):
            yield Expectation(path, line, policy.strip(), _KINDS[mark[1]])
        rest = rest[mark.end() :].lstrip(" ;#")


def differences(expected: Iterable[Expectation], found: Iterable[Expectation]) -> list[str]:
    """Return a line for each missing and each surplus result, in the order of places; empty if there is none."""
    wanted, given = Counter(expected), Counter(found)
    missing = [(e, "missing") for e in (wanted - given).elements()]
    surplus = [(e, "surplus") for e in (given - wanted).elements()]
    return [f"{what}: {expectation}" for expectation, what in sorted((*missing, *surplus))]


def _in_hcl(files: ParsedFiles, path: str) -> Iterator[Expectation]:
    parsed = files.parsed(path)
    if parsed is None:
        return
    source, file = parsed
    for comment in file.comments:
        yield from marks_of(path, comment.line, source.text[comment.start : comment.end])


def _in_sql(source: SourceFile) -> Iterator[Expectation]:
    for token in sql_tokens(source.text):
        if token.kind is SqlKind.COMMENT:
            yield from marks_of(source.path, source.position(token.start)[0], source.text[token.start : token.end])


def _in_toml(tree: Tree, path: str) -> Iterator[Expectation]:
    source = tree.read(path)
    if not isinstance(source, SourceFile):
        raise ExpectationError(f"{path}: {source.detail}")
    try:
        entries = tomllib.loads(source.text).get("expect", [])
        for entry in entries:
            target = join(parent(path), entry["file"])
            if target is None or not tree.exists(target):
                raise ExpectationError(f'{path}: there is no file "{entry["file"]}"')
            kind = entry.get("kind", "certain")
            if kind not in _KINDS.values():
                raise ExpectationError(f'{path}: "{kind}" is not one of certain, possible, undecided')
            yield Expectation(target, entry["line"], entry["id"], kind)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as problem:
        raise ExpectationError(f"{path}: {problem!r}") from None
