"""`iacpolicy access`."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import click

from iacpolicy.cli.options import input_options, request_of
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.pipeline.commands.table_access import AccessRow, DatabaseAccess, TableAccess, table_access
from iacpolicy.sql.model.database import SchemaDoubt
from iacpolicy.sql.privileges.table_access import COMMANDS, Access

EXPLAINED_ROWS = 12


@click.command("access", short_help="Print the access of each role to each table.")
@click.argument("path", default=".")
@input_options
@click.option("--table", "tables", multiple=True, metavar="T", help="Show this table or view only; repeatable.")
@click.option("--role", "roles", multiple=True, metavar="R", help="Show this role only; repeatable.")
@click.option("--since", metavar="REV", help="Mark changes since the merge base with a revision.")
@click.option("--json", "as_document", is_flag=True, help="Print a JSON document.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def command(
    path: str,
    tables: tuple[str, ...],
    roles: tuple[str, ...],
    since: str | None,
    as_document: bool,
    debug: bool,
    **inputs: Any,
) -> int:
    """Print the access of each role to each table that the migrations under PATH create.

    `allowed` means access to all rows, `policies` to the rows that a policy allows, `denied` to none. `unknown` is
    printed with its reason. The exit code is 3 if a migration could not be read.
    """
    answer = table_access(request_of([path], since=since, **inputs), tables, roles)
    text = json.dumps(_document(answer), indent=2, ensure_ascii=False) if as_document else "\n".join(_lines(answer))
    click.echo(answer.prepared.redactor.text(text))
    for problem in answer.problems:
        place = f"{problem.location.path}:{problem.location.line}: " if problem.location is not None else ""
        click.echo(answer.prepared.redactor.text(f"{place}{problem.summary}. {problem.detail}"), err=True)
    return ExitCode.INCOMPLETE if answer.problems else ExitCode.CLEAN


def _document(answer: TableAccess) -> dict[str, Any]:
    return {
        "schema_version": "1.0",
        "databases": [
            {
                "directory": database.directory,
                "cells": [{"root": cell.root or ".", "workspace": cell.workspace} for cell in database.cells],
                "rows": [entry for row in database.rows for entry in _entries(row)],
                "unseen": [_reason(reason) for reason in database.possible_tables],
            }
            for database in answer.databases
        ],
    }


def _entries(row: AccessRow) -> Iterator[dict[str, Any]]:
    for command in COMMANDS:
        now = next((each for each in row.now if each.command == command), None)
        before = next((each for each in row.before or () if each.command == command), None)
        entry: dict[str, Any] = {
            "table": row.table,
            "role": row.role,
            "command": command,
            "outcome": now.outcome.value if now else None,
            "because": now.because if now else "the table does not exist any more",
            "columns": list(now.columns) if now else [],
            "policies": list(now.policies) if now else [],
            "reasons": [_reason(reason) for reason in (now.reasons if now else ())],
        }
        if row.was is not None:
            entry["was"] = row.was
        if row.before is not None:
            entry["before"] = before.outcome.value if before else None
            entry["changed"] = _compared(now) != _compared(before)
        yield entry


def _reason(reason: SchemaDoubt) -> dict[str, Any]:
    return {"text": reason.text, "location": {"path": reason.span.path, "line": reason.span.line}}


def _lines(answer: TableAccess) -> Iterator[str]:
    for number, database in enumerate(answer.databases):
        if number:
            yield ""
        yield f"{database.directory} ({', '.join(_cell_name(database))})"
        yield from _table(database.rows)
        if len(database.rows) <= EXPLAINED_ROWS:
            yield from _explained(database.rows)
        if any(row.before is not None for row in database.rows):
            changed = sum(row.is_changed for row in database.rows)
            yield f"{changed} of {len(database.rows)} rows changed"
        for reason in database.possible_tables:
            yield f"There may be other tables: {reason.text} ({reason.span.path}:{reason.span.line})"


def _cell_name(database: DatabaseAccess) -> list[str]:
    return [f"{cell.root or '.'}: {cell.workspace}" if cell.workspace else "no root" for cell in database.cells]


def _table(rows: Sequence[AccessRow]) -> Iterator[str]:
    head = ("", "table", "role", *COMMANDS)
    body = [
        ("*" if row.is_changed else "", _named(row), row.role, *(_shown(row, index) for index in range(len(COMMANDS))))
        for row in rows
    ]
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(len(head))]
    for line in (head, *body):
        yield "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()


def _named(row: AccessRow) -> str:
    return f"{row.table} (was {row.was})" if row.was is not None else row.table


def _shown(row: AccessRow, index: int) -> str:
    now = _cell(row.now[index] if row.now else None)
    if row.before is None:
        return now
    old = row.before[index] if row.before else None
    before = _cell(old)
    if now == before and _compared(row.now[index] if row.now else None) != _compared(old):
        return f"{now} (changed)"
    return now if now == before else f"{before} → {now}"


def _cell(answer: Access | None) -> str:
    if answer is None:
        return "–"
    if len(answer.columns) > 1:
        return f"{answer.outcome} ({len(answer.columns)} columns)"
    return f"{answer.outcome} ({answer.columns[0]})" if answer.columns else answer.outcome.value


def _compared(answer: Access | None) -> tuple[object, ...]:
    return (answer.outcome, answer.columns, answer.policies) if answer is not None else ()


def _explained(rows: Sequence[AccessRow]) -> Iterator[str]:
    for row in rows:
        if row.now:
            yield ""
            yield f"{row.table}, {row.role}"
        for each in row.now:
            columns = f" on {', '.join(each.columns)}" if each.columns else ""
            names = ": " + ", ".join(f'"{name}"' for name in each.policies) if each.policies else ""
            yield f"  {each.command.ljust(6)}  {each.outcome}{columns}, {each.because}{names}"
            for reason in each.reasons:
                yield f"          {reason.text} ({reason.span.path}:{reason.span.line})"
