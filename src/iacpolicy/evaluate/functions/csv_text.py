"""CSV by the rules of Go's reader (RFC 4180): strict quotes, blank lines skipped, each row as long as the first."""

from iacpolicy.evaluate.functions.common import bounded_elements
from iacpolicy.evaluate.values.errors import FunctionError


def records(content: str) -> list[list[str]]:
    """Return the rows, each a list of fields.

    Raises:
        FunctionError: a quote is at a wrong place, or a row has another number of fields than the first.
    """
    content = content.replace("\r\n", "\n")
    rows: list[list[str]] = []
    position, fields = 0, 0
    while position < len(content):
        if content[position] == "\n":
            position += 1
            continue
        row, position = _record(content, position, len(rows) + 1)
        if rows and len(row) != len(rows[0]):
            raise FunctionError(f"record {len(rows) + 1}: wrong number of fields", 0)
        rows.append(row)
        fields += len(row)
        bounded_elements(fields)
    return rows


def _record(content: str, position: int, number: int) -> tuple[list[str], int]:
    row: list[str] = []
    while True:
        if content.startswith('"', position):
            field, position = _quoted(content, position + 1, number)
        else:
            end = position
            while end < len(content) and content[end] not in ",\n":
                end += 1
            field, position = content[position:end], end
            if '"' in field:
                raise FunctionError(f'record {number}: bare " in non-quoted field', 0)
        row.append(field)
        if not content.startswith(",", position):
            return row, position + 1
        position += 1


def _quoted(content: str, position: int, number: int) -> tuple[str, int]:
    pieces: list[str] = []
    while True:
        end = content.find('"', position)
        if end < 0:
            raise FunctionError(f'record {number}: extraneous or missing " in quoted field', 0)
        pieces.append(content[position:end])
        after = content[end + 1 : end + 2]
        if after in (",", "\n", ""):
            return "".join(pieces), end + 1
        if after != '"':
            raise FunctionError(f'record {number}: extraneous or missing " in quoted field', 0)
        pieces.append('"')
        position = end + 2
