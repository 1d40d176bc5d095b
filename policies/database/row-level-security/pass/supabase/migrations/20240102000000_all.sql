create table public.legacy (id bigint primary key);

-- the catalogue at this point follows from the earlier migrations
do $$
declare name text;
begin
  for name in select tablename from pg_tables where schemaname = 'public' loop
    execute format('alter table public.%I enable row level security', name);
  end loop;
end $$;
