-- the last switch decides and would be the place, were it not for the loop below: nobody here knows which schema it is given
alter table public.clips disable row level security; -- expect-undecided: row-level-security

do $$
declare name text;
begin
  for name in select tablename from pg_tables where schemaname = current_setting('app.schema') loop
    execute format('alter table public.%I enable row level security', name);
  end loop;
end $$;

create table public.late (id bigint primary key); -- expect: row-level-security
