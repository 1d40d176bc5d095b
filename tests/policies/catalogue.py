"""Constants shared by the tests of the catalogue."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
STATE = (
    "state-remote-backend",
    "state-locking",
    "state-encryption",
    "state-backend-credentials",
    "state-workspace-isolation",
)
COMPUTE = ("autoscaling-bounds", "resource-limits")
