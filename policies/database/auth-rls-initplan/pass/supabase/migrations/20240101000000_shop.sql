create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own" on public.orders using ((select auth.uid()) = owner);
create policy "claims" on public.orders for select using (((select auth.jwt()) ->> 'tenant') = id::text);
create policy "setting" on public.orders for select using (owner::text = (select current_setting('app.user', true)));
create policy "lower" on public.orders for select using (lower(id::text) = 'x');
-- these policies are not evaluated
create table public.drafts (id bigint primary key, owner uuid);
create policy "own" on public.drafts using (auth.uid() = owner);
