create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own orders" on public.orders to authenticated using ((select auth.uid()) = owner);

create view public.recent with (security_invoker = on) as select * from public.orders where id > 100;
create schema private;
create view private.totals as select count(*) from public.orders;
create view public.closed as select * from public.orders;
revoke all on public.closed from anon, authenticated, public;
