create table public.orders (id bigint not null, owner uuid, state text);
alter table public.orders enable row level security;

create policy "insert" on public.orders for insert to authenticated with check (true); -- expect: rls-policy-permissive
create policy "delete" on public.orders for delete to anon using (1 = 1); -- expect: rls-policy-permissive
create policy "columns" on public.orders for delete to authenticated using (id = id); -- expect: rls-policy-permissive
create policy "or" on public.orders for update -- expect: rls-policy-permissive
  using ((select auth.uid()) = owner or true);
create policy "handing over" on public.orders for update to authenticated -- expect: rls-policy-permissive
  using ((select auth.uid()) = owner) with check (true);
create policy "login" on public.orders for insert to authenticated -- expect: rls-policy-permissive
  with check ((select auth.uid()) is not null);
create policy "role" on public.orders -- expect: rls-policy-permissive
  using (auth.role() = 'authenticated');
create policy "uploads" on storage.objects for insert to authenticated with check (true); -- expect: rls-policy-permissive

-- a nullable column is not always equal to itself
create policy "state" on public.orders for delete to authenticated using (state = state);
