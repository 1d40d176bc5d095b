"""Dashboards and alert rules of `infra/` are valid for Grafana and Prometheus, and complete for operators."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from tests.infra.command import INFRA

MONITORING = INFRA / "modules/monitoring"
DASHBOARDS = sorted((MONITORING / "dashboards").glob("*.json"))
RULES = sorted((MONITORING / "rules").glob("*.yaml"))
SERVICES = ("storefront", "api", "stream-ingest", "clip-renderer", "notifications")


def groups() -> Iterator[dict[str, Any]]:
    for path in RULES:
        yield from yaml.safe_load(path.read_text())["groups"]


def alerts() -> list[dict[str, Any]]:
    return [rule for group in groups() for rule in group["rules"] if "alert" in rule]


def without_variables(expression: str) -> str:
    """Replace Grafana's variables by sample values."""
    return re.sub(r"\$\w+", ".+", expression.replace("$__rate_interval", "5m"))


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_is_whole(path: Path) -> None:
    """Every panel has its own place, uses the chosen data source, and has an expression that parses."""
    dashboard = json.loads(path.read_text())
    assert dashboard["uid"].startswith("lss-")
    assert dashboard["templating"]["list"][0]["type"] == "datasource"
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
    graphs = [panel for panel in panels if panel["type"] != "row"]
    assert len(graphs) >= 6
    for panel in graphs:
        assert panel["targets"]
        for target in panel["targets"]:
            assert target["datasource"]["uid"] == "${datasource}"
            promql_parser.parse(without_variables(target["expr"]))


def test_rules_parse_and_are_evaluated_in_seconds() -> None:
    """Every expression is valid PromQL, names are unique, and the Terraform module can read each interval."""
    names = []
    for group in groups():
        assert re.fullmatch(r"\d+s", group["interval"])
        for rule in group["rules"]:
            promql_parser.parse(rule["expr"])
            names.append(rule.get("alert") or rule["record"])
    assert len(set(names)) == len(names) > 15


def test_alerts_say_what_to_do() -> None:
    """Every alert has a routed severity, a team, a summary, a runbook, and a `for` duration."""
    for alert in alerts():
        assert alert["labels"]["severity"] in {"critical", "warning"}, alert["alert"]
        assert alert["labels"]["team"]
        assert alert["for"]
        assert alert["annotations"]["runbook_url"].startswith("https://runbooks.livestreamsell.example/")
        # Grafana and Prometheus have different syntax for values in a text, and the same syntax for labels.
        assert not re.search(r"\$value", alert["annotations"]["summary"])


def test_every_recorded_series_that_an_alert_asks_for_is_recorded() -> None:
    """Every window of a burn rate alert has a recording rule."""
    recorded = {rule["record"] for group in groups() for rule in group["rules"] if "record" in rule}
    asked = {name for alert in alerts() for name in re.findall(r"service:http_errors:\w+", alert["expr"])}
    assert asked == recorded


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_an_alert_of_its_own(service: str) -> None:
    """Each service has an alert that selects it by name, besides the generated alerts."""
    expressions = "\n".join(rule["expr"] for group in groups() for rule in group["rules"])
    selectors = re.findall(r'service=~"([^"]+)"', expressions)
    assert any(re.fullmatch(selector, f"lss-production-{service}") for selector in selectors)
