create table public.orders (id bigint primary key, owner uuid, state text);
alter table public.orders enable row level security;
create policy "open" on public.orders for select using (state = 'open');
create policy "own" on public.orders for select to authenticated using ((select auth.uid()) = owner); -- expect: multiple-permissive-policies
create policy "all" on public.orders to anon using (state = 'draft'); -- expect: multiple-permissive-policies
