create table public.legacy (id bigint primary key);

-- what the catalogue holds at this point is known from the migrations before it
do $$
declare name text;
begin
  for name in select tablename from pg_tables where schemaname = 'public' loop
    execute format('alter table public.%I enable row level security', name);
  end loop;
end $$;
