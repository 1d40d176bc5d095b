create table public.orders (id bigint primary key, owner uuid, state text);
alter table public.orders enable row level security;
create policy "visitors" on public.orders for select to anon using (state = 'open');
create policy "users" on public.orders for select to authenticated using (state = 'open' or owner is null);
create policy "change" on public.orders for update to authenticated using ((select auth.uid()) = owner);
create policy "never closed" on public.orders as restrictive for update to authenticated using (state <> 'closed');
create policy "service" on public.orders to service_role using (true);
