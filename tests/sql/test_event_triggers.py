"""An event trigger that enables row-level security on new tables leaves them undecided: no finding, and no pass."""

from pathlib import Path

import pytest
from tests.support.scans import write_files

from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.scan import scan

TRIGGER = """create function public.auto() returns event_trigger language plpgsql security definer
set search_path = '' as $$
declare made record;
begin
  for made in select * from pg_event_trigger_ddl_commands() where object_type in ('table', 'partitioned table') loop
    begin
      execute format('alter table if exists %s enable row level security', made.object_identity);
    exception when others then raise log 'not enabled on %', made.object_identity;
    end;
  end loop;
end $$;
create event trigger ensure_rls on ddl_command_end
  when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO') execute function public.auto();
"""
TABLES = """create table public.orders (id bigint primary key, owner uuid, api_key text);
create policy "own" on public.orders for update using (auth.uid() = owner) with check (true);
create policy everything on public.orders using (auth.uid() = owner);
create table public.clips (id bigint primary key);
"""
UNKNOWN = {
    ("row-level-security", "public.orders"),
    ("row-level-security", "public.clips"),
    ("sensitive-columns-exposed", "public.orders"),
    ("policy-exists-rls-disabled", "public.orders"),
    ("multiple-permissive-policies", "public.orders"),
    ("rls-policy-missing", "public.clips"),
    ("rls-policy-permissive", "public.orders own"),
    ("auth-rls-initplan", "public.orders own"),
    ("auth-rls-initplan", "public.orders everything"),
}
"""Policies that depend on row-level security."""


def results(root: Path, text: str) -> dict[tuple[str, str], str]:
    """Return finding, pass, or the first reason of an undecided result, by policy and address."""
    write_files(root, {"supabase/migrations/20240101000000_a.sql": text})
    report = scan(Request(root, ("",), checkov="off")).report
    assert report is not None
    found = {(each.policy, each.address): "pass" for each in report.passed}
    found |= {(each.policy, each.address): "finding" for each in report.findings}
    return found | {(each.policy, each.address): each.reasons[0].text for each in report.undecided}


def test_an_event_trigger_leaves_doubt(tmp_path: Path) -> None:
    """Every policy that depends on row-level security is undecided, and names the trigger."""
    found = results(tmp_path, TRIGGER + TABLES)
    why = "the event trigger ensure_rls may enable row-level security on new tables"
    assert {key: found[key] for key in UNKNOWN} == dict.fromkeys(UNKNOWN, why)


@pytest.mark.parametrize(
    "text",
    [
        TABLES + TRIGGER,
        TRIGGER + "alter event trigger ensure_rls disable;\n" + TABLES,
        TRIGGER + "drop event trigger ensure_rls;\n" + TABLES,
        TRIGGER.replace("ddl_command_end", "sql_drop").replace("'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO'",
                                                               "'DROP TABLE'") + TABLES,
    ],
    ids=["made before", "disabled", "dropped", "another event"],
)  # fmt: skip
def test_a_trigger_that_does_not_fire_decides_nothing(tmp_path: Path, text: str) -> None:
    """A table that exists before the event trigger is exposed."""
    assert results(tmp_path, text)["row-level-security", "public.clips"] == "finding"


def test_a_switch_after_the_trigger_decides(tmp_path: Path) -> None:
    """A migration that switches row-level security itself is certain, whatever the trigger does."""
    enabled = results(tmp_path, TRIGGER + TABLES + "alter table public.clips enable row level security;\n")
    assert enabled["row-level-security", "public.clips"] == "pass"
    disabled = results(tmp_path, TRIGGER + TABLES + "alter table public.clips disable row level security;\n")
    assert disabled["row-level-security", "public.clips"] == "finding"
