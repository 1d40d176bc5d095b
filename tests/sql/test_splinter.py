"""Supabase's own linter, where a checkout of it is given."""

import os
import re
from pathlib import Path

import pytest
from tests.sql import oracle, splinter

VARIABLE = "IACPOLICY_SPLINTER"

PARTITIONED = "events naked p p1 parted"
"""Return the partitioned tables of all cases, in the schema public."""

REASONS: list[tuple[str, str, str, str]] = [
    ("no-primary-key", "ours only", rf"public\.({PARTITIONED.replace(' ', '|')})",
     "a partitioned table is a table; splinter looks at its partitions instead"),
    ("no-primary-key", "splinter only", r"public\.(events_\d+|p1|p11|parted_\w+|q)",
     "a partition has the key of its parent, where our finding is"),
    ("no-primary-key", "splinter only", r"pg_temp\.\w+", "a temporary table ends with its session"),
    ("rls-policy-missing", "ours only", rf"public\.({PARTITIONED.replace(' ', '|')})",
     "row-level security of a partitioned table applies to queries of it"),
    ("rls-policy-missing", "ours only", r"public\.(blog|only_restrictive|posts)",
     "restrictive policies alone allow no row"),
    ("rls-policy-missing", "splinter only", r"app\.\w+", "the API does not show the schema, so no policy is missing"),
    ("row-level-security", "ours only", rf"public\.({PARTITIONED.replace(' ', '|')})",
     "the API shows partitioned tables"),
    ("row-level-security", "ours only", r"public\.(a|one_column|col_grant_only)",
     "some columns are granted, or another privilege than SELECT"),
    ("row-level-security", "ours only", r"(api\.visible|public\.(b|t|items))",
     "no migration grants it, but a GRANT may have been made in a console"),
    ("row-level-security", "splinter only", r"public\.t", "no role of the API may use the schema"),
    ("rls-policy-permissive", "ours only", r"public\.(a (check only|either|p q)|everything p)",
     "the expression is folded to true; splinter compares texts"),
    ("rls-policy-permissive", "splinter only",
     r"public\.(a one|foo (bad|good)_policy_role|posts insert_no_with_check)",
     "a policy without USING or WITH CHECK allows no row"),
    ("multiple-permissive-policies", "splinter only", r"public\.(blog|foo)",
     "row-level security is off, so the policies do not apply; policy-exists-rls-disabled reports them"),
    ("unindexed-foreign-keys", "splinter only", r"public\.bbb",
     "an index with the columns of the key in another order serves the key too"),
]  # fmt: skip
"""Intended differences: the policy, the side that finds it, the object, and the reason."""


def test_the_policies_agree_with_the_lints(server: oracle.Server) -> None:
    """The policies find the same as splinter's SQL, except for the differences with a reason."""
    directory = os.environ.get(VARIABLE)
    if not directory:
        pytest.skip(f"{VARIABLE} names no checkout of supabase/splinter")
    result = splinter.compare(server, splinter.Linter(Path(directory)))
    left = [each for each in result.differences if each.kind != "undecided" and not _has_reason(each)]
    assert left == []
    assert result.equal.total() >= 600
    unused = [row for row in REASONS if not any(_fits(row, each) for each in result.differences)]
    assert unused == []


def _has_reason(each: splinter.Difference) -> bool:
    return any(_fits(row, each) for row in REASONS)


def _fits(row: tuple[str, str, str, str], each: splinter.Difference) -> bool:
    policy, kind, pattern, _ = row
    item = re.sub(r"^pg_temp_\d+", "pg_temp", each.item)
    return (policy, kind) == (each.policy, each.kind) and re.fullmatch(pattern, item) is not None
