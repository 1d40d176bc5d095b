create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own orders" on public.orders to authenticated using ((select auth.uid()) = owner);

create materialized view public.totals as select count(*) from public.orders; -- expect: materialized-view-in-api
