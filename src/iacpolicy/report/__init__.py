"""The report formats: one module per format, whose `render` turns a `Report` into text.

A module is imported only when its format is used.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module

from iacpolicy.report.options import Render

_MODULES = {
    "text": "iacpolicy.report.text.document",
    "json": "iacpolicy.report.json",
    "sarif": "iacpolicy.report.sarif.document",
    "junit": "iacpolicy.report.junit",
    "github": "iacpolicy.report.github",
    "gitlab": "iacpolicy.report.gitlab",
    "markdown": "iacpolicy.report.markdown.document",
}


class _Formats(Mapping[str, Render]):
    """The renderers by the name of their format; a renderer is imported on first use."""

    def __getitem__(self, name: str) -> Render:
        render: Render = import_module(_MODULES[name]).render
        return render

    def __contains__(self, name: object) -> bool:
        return name in _MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


FORMATS: Mapping[str, Render] = _Formats()
