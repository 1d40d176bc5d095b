create schema private;
create table private.notes (id bigint primary key, owner uuid); -- expect: policy-exists-rls-disabled
create policy "own notes" on private.notes using ((select auth.uid()) = owner);

create table public.orders (id bigint primary key, owner uuid);
create policy "own orders" on public.orders using ((select auth.uid()) = owner);
alter table public.orders enable row level security;
alter table public.orders disable row level security; -- expect: policy-exists-rls-disabled

create table public.clips (id bigint primary key); -- expect-undecided: policy-exists-rls-disabled
create policy "all clips" on public.clips for select using (true);
do $$
begin
  execute 'alter table public.clips ' || current_setting('app.rls') || ' row level security';
end $$;
