create table public.orders (id bigint primary key, owner uuid, state text);
alter table public.orders enable row level security;

-- reading every row may be intended
create policy "everyone reads" on public.orders for select to anon, authenticated using (true);
create policy "own orders" on public.orders for update to authenticated
  using ((select auth.uid()) = owner) with check ((select auth.uid()) = owner);
create policy "new orders" on public.orders for insert to authenticated with check ((select auth.uid()) = owner);

-- a restrictive policy limits this one
create policy "delete" on public.orders for delete to authenticated using (true);
create policy "only own" on public.orders as restrictive for delete to authenticated
  using ((select auth.uid()) = owner);

-- for a server-side role
create role app_worker nologin;
create policy "worker" on public.orders to app_worker using (true);

-- the API roles cannot write here
create table public.prices (id bigint primary key);
alter table public.prices enable row level security;
revoke insert, update, delete on public.prices from anon, authenticated, public;
create policy "all" on public.prices to authenticated using (true);

-- a policy without an expression admits no row
create policy "empty" on public.orders for insert to authenticated;
create policy "narrows nothing" on public.orders as restrictive for update to authenticated using (true);

-- this one is not evaluated, and the API does not expose the other
create table public.drafts (id bigint primary key);
create policy "all" on public.drafts to authenticated using (true);
create schema private;
create table private.notes (id bigint primary key);
alter table private.notes enable row level security;
grant all on private.notes to authenticated;
create policy "all" on private.notes to authenticated using (true);
