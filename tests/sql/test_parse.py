"""Parsing of migration files, valid and invalid ones."""

import pytest

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.sql.syntax.parse import MAX_ERRORS, ParsedFile, Statement, UnreadStatement, parse


def read(text: str) -> ParsedFile:
    """Return a file with this text."""
    return parse(SourceFile("m.sql", text))


def kinds(parsed: ParsedFile) -> list[str]:
    """Return the kinds of the statements and unread ranges, in order."""
    return [item.kind if isinstance(item, Statement) else "?" for item in parsed.items]


def test_a_place_begins_at_the_first_keyword_in_code_points() -> None:
    """Comments, blank lines and letters of more than one byte before a statement do not move its place."""
    parsed = read("-- é\n/* ü /* nested */ */ select 'ö';\n\n  -- before\n  create table é (id int) ;\n")
    assert [item.span for item in parsed.items] == [Span("m.sql", 2, 22, 2, 32), Span("m.sql", 5, 3, 5, 26)]
    assert parsed.diagnostics == ()


def test_a_syntax_error_has_a_place_and_leaves_the_rest() -> None:
    """The statements before and after a broken one are read; the diagnostic is at the offending word."""
    parsed = read("create table a (id int);\nalter tabel é;\ncreate table b (\n;create table c ();\n")
    assert kinds(parsed) == ["CreateStmt", "?", "?", "CreateStmt"]
    assert [
        (said.severity, said.location and (said.location.line, said.location.column)) for said in parsed.diagnostics
    ] == [
        ("error", (2, 7)),
        ("error", (3, 16)),
    ]
    assert 'near "tabel"' in parsed.diagnostics[0].detail


def test_a_quote_without_an_end_is_reported() -> None:
    """The text after a quote without an end cannot be read, which is an error."""
    parsed = read("create table a (id int);\nselect 'open; create table b (id int);")
    assert kinds(parsed) == ["CreateStmt", "?"]
    assert "unterminated" in parsed.diagnostics[0].detail


def test_a_nul_character_hides_nothing() -> None:
    """The grammar reads a C string; the text after a NUL is still read, and the file is an error."""
    parsed = read("select 1;\0 create table a (id int);")
    assert kinds(parsed) == ["SelectStmt", "CreateStmt"]
    assert [said.severity for said in parsed.diagnostics] == ["error"]


def test_rows_of_copy_are_no_statements() -> None:
    """Rows that look like SQL are data, also without an end mark."""
    parsed = read("copy t from stdin;\nalter table t enable row level security;\n")
    assert kinds(parsed) == ["CopyStmt"]
    assert [said.severity for said in parsed.diagnostics] == ["note"]


@pytest.mark.parametrize(("command", "severity", "rest"), [("\\i x.sql", "error", ["?"]), ("\\set a b", "note", [])])
def test_a_psql_command_is_reported(command: str, severity: str, rest: list[str]) -> None:
    """A psql command that may run SQL makes the run incomplete; one that cannot is a note."""
    parsed = read(f"select 1;\n{command}\nselect 2;")
    assert kinds(parsed) == ["SelectStmt", *rest, "SelectStmt"]
    assert [said.severity for said in parsed.diagnostics] == [severity]


def test_a_function_body_with_semicolons_is_one_statement() -> None:
    """`BEGIN ATOMIC … END` with CASE inside is not split, in a file that also has an error."""
    body = "create function f() returns int begin atomic select case when true then 1 end; select 2; end"
    parsed = read(f"{body};\ncreat;\nselect 1;")
    assert kinds(parsed) == ["CreateFunctionStmt", "?", "SelectStmt"]


def test_errors_of_another_dialect_are_summed_up() -> None:
    """A file with many errors reports the first ones and the number of the rest."""
    parsed = read("create table `x` (id int);\n" * 100)
    assert len(parsed.diagnostics) == MAX_ERRORS + 1
    assert str(100 - MAX_ERRORS) in parsed.diagnostics[-1].detail


@pytest.mark.parametrize(
    "text",
    [
        "select " + "1+" * 20_000 + "1",
        "(" * 100_000,
        "select " + "case when a then " * 5_000,
        "/*" * 200_000,
        "select 1 " + "+" * 200_000 + " 1",
        "do $$ begin " + "begin " * 3_000 + "null; " + "end; " * 3_000 + "end $$",
        "do $$ declare " + "".join(f"v{i} int;" for i in range(30_000)) + " begin null; end $$",
        "'" * 200_001,
        "$a$ $b$ " * 20_000,
        "create policy p on t using (" * 3_000,
    ],
    ids=range(10),
)
@pytest.mark.timeout(60)
def test_hostile_text_ends_soon(text: str) -> None:
    """Deep nesting, and text that costs the grammar the square of its length, is read or refused in bounded time."""
    from iacpolicy.sql.replay import replay

    parsed = read(text + ";\ncreate table after_it (id int);")
    replay([parsed])
    assert parsed.items
    assert all(isinstance(item, Statement) for item in parsed.items) or parsed.diagnostics


def test_blanked_comments_change_no_statement() -> None:
    """A file with very many comment marks gives the same statements as without them."""
    text = "/* x */\n" * 2_000 + "create table a (id int /* " + "/* " * 50 + "*/ " * 50 + "*/);"
    parsed = read(text)
    assert kinds(parsed) == ["CreateStmt"]
    assert parsed.items[0].span.line == 2_001
    assert isinstance(parsed.items[0], Statement)
    assert not any(isinstance(item, UnreadStatement) for item in parsed.items)


@pytest.mark.parametrize("placeholder", ["${schema}", "${flyway:user}", "{{ owner }}"])
def test_a_placeholder_is_reported_as_such(placeholder: str) -> None:
    """A placeholder of another tool is no syntax error; its statement is not read, and the next one is."""
    parsed = read(f"alter table t owner to {placeholder};\ncreate table u (id int);\n")
    assert kinds(parsed) == ["?", "CreateStmt"]
    assert [(said.summary, said.location.column) for said in parsed.diagnostics if said.location is not None] == [
        ("SQL contains a placeholder", 24)
    ]
    assert placeholder in parsed.diagnostics[0].detail
