"""CKV_IACPOLICY_3: the database of a Supabase project is not open to every address.

`network` is JSON text with one key, `restrictions`: the CIDR blocks that may connect. Without it, every address may.

Source of the rule: https://supabase.com/docs/guides/platform/network-restrictions
"""

from __future__ import annotations

import json
import re
from typing import Any

from checkov.common.bridgecrew.severities import Severities
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

EVERYWHERE = re.compile(r"(?<![\d.])0\.0\.0\.0/0(?!\d)|(?<![\da-fA-F:])::/0(?!\d)")


def document(written: Any) -> Any:
    """Return the parsed `network`, or its text where Checkov could not evaluate it."""
    value = written[0] if isinstance(written, list) and len(written) == 1 else written
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


class SupabaseNetworkRestrictions(BaseResourceCheck):
    """Fail where there is no restriction, or where one covers the whole internet."""

    def __init__(self) -> None:
        super().__init__(
            name="Ensure that the database of a Supabase project is not open to every address",
            id="CKV_IACPOLICY_3",
            categories=(CheckCategories.NETWORKING,),
            supported_resources=("supabase_settings",),
            guideline="https://supabase.com/docs/guides/platform/network-restrictions",
        )
        self.severity = Severities["HIGH"]

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        self.evaluated_keys = ["network"]
        network = document(conf.get("network"))
        if network is None or network == "null":
            return CheckResult.FAILED
        if EVERYWHERE.search(str(network)):
            return CheckResult.FAILED
        if not isinstance(network, dict):
            return CheckResult.UNKNOWN
        restrictions = network.get("restrictions")
        # Checkov gives an empty list to a list variable without a value, so an empty list proves nothing.
        return CheckResult.PASSED if isinstance(restrictions, list) and restrictions else CheckResult.UNKNOWN


check = SupabaseNetworkRestrictions()
