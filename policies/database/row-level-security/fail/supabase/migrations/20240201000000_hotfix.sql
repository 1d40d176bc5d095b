-- the last statement would decide, but the loop below may change it: its schema is unknown
alter table public.clips disable row level security; -- expect-undecided: row-level-security

do $$
declare name text;
begin
  for name in select tablename from pg_tables where schemaname = current_setting('app.schema') loop
    execute format('alter table public.%I enable row level security', name);
  end loop;
end $$;

create table public.late (id bigint primary key); -- expect: row-level-security
