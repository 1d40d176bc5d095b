"""For every policy of the design, some test breaks a copy of `infra` in a way that the policy finds."""

import pytest
from tests.observability.test_policies import BREAKS as MONITORING
from tests.policies.test_broken_infra import RULES
from tests.policies.test_networking_in_repositories import BREAKS as NETWORKING
from tests.policies.test_secrets_in_repositories import BREAKS as SECRETS
from tests.policies.test_services_in_repositories import BREAKS as SERVICES

from iacpolicy.policy.loading.load import catalogue_folder, find_policies

DOMAINS = ("state", "secrets", "compute", "networking", "storage", "monitoring", "modules")
# The other policies on databases are the lints of Supabase, each tested with its own tables.
DATABASE = (
    "row-level-security",
    "rls-policy-permissive",
    "rls-policy-missing",
    "rls-bypass",
    "database-role-privileges",
    "database-network-open",
    "database-backups",
    "database-tls",
)
PROVED = DATABASE + tuple(p for domain in DOMAINS for p in find_policies(catalogue_folder() / domain))


@pytest.mark.parametrize("policy_id", PROVED)
def test_some_break_of_infra_is_found_by(policy_id: str) -> None:
    """Some test breaks `infra` in a way that this policy must find."""
    broken = {change.policy for changes in RULES.values() for change in changes.values()}
    broken |= {change.policy for change in NETWORKING.values()}
    broken |= {change.policy for change in SECRETS.values()}
    broken |= {change.policy for change in SERVICES.values()}
    assert policy_id in broken | {expected[0] for _, _, _, expected in MONITORING.values()}
