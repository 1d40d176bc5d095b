create table public.orders (id bigint primary key, owner uuid, state text);
alter table public.orders enable row level security;
create policy "open" on public.orders for select using (state = 'open');
create policy "own" on public.orders for select to authenticated using ((select auth.uid()) = owner); -- expect: multiple-permissive-policies
create policy "all" on public.orders to anon using (state = 'draft'); -- expect: multiple-permissive-policies

create table public.carts (id bigint primary key, owner uuid); -- expect-undecided: multiple-permissive-policies
create policy "open" on public.carts for select using (id > 100);
create policy "own" on public.carts for select using ((select auth.uid()) = owner);
do $$ begin
  execute 'alter table public.carts ' || current_setting('app.rls') || ' row level security';
end $$;

create role worker;
create table public.jobs (id bigint primary key, state text);
alter table public.jobs enable row level security;
create policy "open" on public.jobs for select to worker using (state = 'open');
create policy "late" on public.jobs for select to worker using (state = 'late'); -- expect: multiple-permissive-policies
