create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own orders" on public.orders to authenticated using ((select auth.uid()) = owner);

create policy "by role" on public.orders for select to authenticated
  using ((select auth.jwt()) -> 'app_metadata' ->> 'role' = 'admin');
create table public.notes (id bigint primary key, user_metadata jsonb);
alter table public.notes enable row level security;
create policy "own column" on public.notes for select to authenticated using (user_metadata ? 'shared');
