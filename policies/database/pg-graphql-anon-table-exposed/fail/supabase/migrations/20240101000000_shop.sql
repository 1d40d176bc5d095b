create extension pg_graphql;
create table public.orders (id bigint primary key); -- expect: pg-graphql-anon-table-exposed
create view public.recent as select * from public.orders; -- expect: pg-graphql-anon-table-exposed

create extension pgcrypto with schema extensions;
create table public.mails (id bigint primary key); -- expect-undecided: pg-graphql-anon-table-exposed
do $$ begin
  if current_setting('app.stage') = 'production' then
    revoke select on public.mails from anon;
  end if;
end $$;
