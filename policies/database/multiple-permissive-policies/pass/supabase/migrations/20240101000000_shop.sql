create table public.orders (id bigint primary key, owner uuid, state text);
alter table public.orders enable row level security;
create policy "visitors" on public.orders for select to anon using (state = 'open');
create policy "users" on public.orders for select to authenticated using (state = 'open' or owner is null);
create policy "change" on public.orders for update to authenticated using ((select auth.uid()) = owner);
create policy "never closed" on public.orders as restrictive for update to authenticated using (state <> 'closed');
create policy "service" on public.orders to service_role using (true);
-- these policies are not evaluated
create table public.drafts (id bigint primary key, owner uuid);
create policy "old" on public.drafts for select using (id > 100);
create policy "own" on public.drafts for select using ((select auth.uid()) = owner);
-- an object of the platform
create table realtime.notes (id bigint primary key);
alter table realtime.notes enable row level security;
create policy "old" on realtime.notes for select using (id > 100);
create policy "new" on realtime.notes for select using (id < 100);
