create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own orders" on public.orders to authenticated using ((select auth.uid()) = owner);

create view public.all_orders as select * from public.orders; -- expect: rls-bypass
create view public.through as select id from public.all_orders; -- expect: rls-bypass
create materialized view public.copies as select * from public.orders; -- expect: rls-bypass

create view public.once with (security_invoker = true) as select * from public.orders;
alter view public.once reset (security_invoker); -- expect: rls-bypass

create function public.purge(order_id bigint) returns void language sql security definer -- expect: rls-bypass
as $$ delete from orders where id = order_id $$;

create role reports login bypassrls; -- expect: rls-bypass

create role app login;
create table public.events (id bigint primary key);
alter table public.events owner to app;
alter table public.events enable row level security; -- expect: rls-bypass
create policy "all" on public.events for select to authenticated using (true);

create extension postgres_fdw;
create server elsewhere foreign data wrapper postgres_fdw;
create foreign table public.remote_orders (id bigint) server elsewhere; -- expect: rls-bypass

create table public.clips (id bigint primary key);
create view public.all_clips as select * from public.clips; -- expect-undecided: rls-bypass
do $$ begin
  execute 'alter table public.clips ' || current_setting('app.rls') || ' row level security';
end $$;

create foreign table public.elsewhere (id bigint) server elsewhere; -- expect-undecided: rls-bypass
do $$ begin
  if current_setting('app.stage') = 'production' then
    revoke select on public.elsewhere from anon, authenticated;
  end if;
end $$;
