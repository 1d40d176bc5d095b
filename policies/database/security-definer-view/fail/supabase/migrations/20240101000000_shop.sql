create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own orders" on public.orders to authenticated using ((select auth.uid()) = owner);

create view public.recent as select * from public.orders where id > 100; -- expect: security-definer-view
create view public.once with (security_invoker) as select * from public.orders;
alter view public.once set (security_invoker = false); -- expect: security-definer-view
