create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own" on public.orders using (auth.uid() = owner); -- expect: auth-rls-initplan
create policy "check" on public.orders for insert with check (current_setting('app.user') = owner::text); -- expect: auth-rls-initplan
create policy "claims" on public.orders for select using ((auth.jwt() ->> 'tenant') = id::text); -- expect: auth-rls-initplan
create policy "member" on public.orders for select to authenticated -- expect: auth-rls-initplan
  using (exists (select from public.orders as other where other.owner = auth.uid()));
