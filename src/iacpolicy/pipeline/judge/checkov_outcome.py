"""The results of Checkov as findings; `checkov_findings` makes them, and only a run of Checkov imports it."""

from collections.abc import Mapping

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.engine.findings import Finding
from iacpolicy.policy.meta import Meta


class CheckovOutcome(msgspec.Struct, frozen=True):
    """The findings of Checkov, its problems, and the documentation of each check with a finding, by id."""

    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    metas: Mapping[str, Meta] = {}
