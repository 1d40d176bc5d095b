create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own orders" on public.orders to authenticated using ((select auth.uid()) = owner);

create schema private;
create materialized view private.totals as select count(*) from public.orders;
create materialized view public.closed as select count(*) from public.orders;
revoke all on public.closed from anon, authenticated, public;
grant select on private.totals to anon;
create view public.recent as select id from public.orders;
