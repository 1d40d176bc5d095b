"""CKV_IACPOLICY_2: a Render service scales between a minimum and a maximum.

The provider checks neither bound: with `min` 0 or above `max`, the plan still succeeds.

Source of the rule: https://render.com/docs/scaling (1 to 100 instances)
"""

from __future__ import annotations

from typing import Any

from checkov.common.bridgecrew.severities import Severities
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.common.util.type_forcers import force_int
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

MAX_INSTANCES = 100


class RenderAutoscalingBounds(BaseResourceCheck):
    """Fail where autoscaling is absent or off, or where its bounds are missing or crossed."""

    def __init__(self) -> None:
        super().__init__(
            name="Ensure that a Render service scales between a minimum and a maximum",
            id="CKV_IACPOLICY_2",
            categories=(CheckCategories.GENERAL_SECURITY,),
            supported_resources=("render_background_worker", "render_private_service", "render_web_service"),
            guideline="https://render.com/docs/scaling",
        )
        self.severity = Severities["HIGH"]

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        self.evaluated_keys = ["autoscaling"]
        scaling = conf.get("autoscaling")
        if isinstance(scaling, list) and scaling:
            scaling = scaling[0]
        if isinstance(scaling, str) and scaling != "null":
            return CheckResult.UNKNOWN
        if not isinstance(scaling, dict):
            return CheckResult.FAILED
        self.evaluated_keys = ["autoscaling/[0]/enabled", "autoscaling/[0]/min", "autoscaling/[0]/max"]
        enabled, low, high = (scaling.get(name) for name in ("enabled", "min", "max"))
        if enabled is None or str(enabled).lower() == "false" or low is None or high is None:
            return CheckResult.FAILED
        minimum, maximum = force_int(low), force_int(high)
        if (minimum is not None and minimum < 1) or (maximum is not None and maximum > MAX_INSTANCES):
            return CheckResult.FAILED
        if str(enabled).lower() != "true" or minimum is None or maximum is None:
            return CheckResult.UNKNOWN
        return CheckResult.PASSED if minimum <= maximum else CheckResult.FAILED


check = RenderAutoscalingBounds()
