"""The JSON Schema of the JSON report; `python -m iacpolicy.report.schema` prints `docs/report.schema.json`."""

import json
import sys
from typing import Any

import msgspec

from iacpolicy.report.shape import ReportShape


def document() -> dict[str, Any]:
    """Return the schema, in JSON Schema 2020-12; it allows keys that a later version adds."""
    schema = msgspec.json.schema(ReportShape)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "iacpolicy report",
        "description": ReportShape.__doc__,
    }
    return head | schema


def text() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(document(), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
