create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own" on public.orders to authenticated using ((select auth.uid()) = owner);
