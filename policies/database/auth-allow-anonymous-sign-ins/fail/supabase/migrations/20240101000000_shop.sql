create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own" on public.orders to authenticated using ((select auth.uid()) = owner); -- expect: auth-allow-anonymous-sign-ins
create policy "accounts" on public.orders for select to authenticated
  using ((select (auth.jwt() ->> 'is_anonymous')::boolean) is false);
create policy "visitors" on public.orders for select to anon using (id > 100);
create table public.carts (id bigint primary key, owner uuid);
alter table public.carts enable row level security;
create policy "own" on public.carts to authenticated using ((select auth.uid()) = owner);
create policy "accounts" on public.carts as restrictive to authenticated
  using ((select (auth.jwt() ->> 'is_anonymous')::boolean) is false);

create table public.wishes (id bigint primary key, owner uuid);
create policy "own" on public.wishes to authenticated using ((select auth.uid()) = owner); -- expect-undecided: auth-allow-anonymous-sign-ins
do $$ begin
  execute 'alter table public.wishes ' || current_setting('app.rls') || ' row level security';
end $$;

-- not of the project, not exposed, or without row-level security
create policy "uploads" on storage.objects for select to authenticated using (owner is not null);
create schema private;
create table private.notes (id bigint primary key, owner uuid);
alter table private.notes enable row level security;
create policy "own" on private.notes to authenticated using ((select auth.uid()) = owner);
create table public.drafts (id bigint primary key, owner uuid);
create policy "own" on public.drafts to authenticated using ((select auth.uid()) = owner);
