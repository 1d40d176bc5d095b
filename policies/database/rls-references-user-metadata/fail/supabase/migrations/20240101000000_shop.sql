create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own orders" on public.orders to authenticated using ((select auth.uid()) = owner);

create policy "admins" on public.orders for select to authenticated -- expect: rls-references-user-metadata
  using ((select auth.jwt()) -> 'user_metadata' ->> 'role' = 'admin');
create policy "tenants" on public.orders for insert to authenticated -- expect: rls-references-user-metadata
  with check (current_setting('request.jwt.claims', true)::jsonb #>> '{user_metadata,tenant}' = owner::text);
create policy "both" on public.orders for update to authenticated -- expect: rls-references-user-metadata
  using (auth.jwt() -> 'user_metadata' ->> 'role' = 'admin') with check (auth.jwt() -> 'user_metadata' ->> 'role' = 'admin');
