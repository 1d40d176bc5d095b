create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own orders" on public.orders to authenticated using ((select auth.uid()) = owner);

create view public.recent with (security_invoker = true) as select * from public.orders where id > 100;

-- the table is open to all roles: nothing is bypassed
create table public.countries (code text primary key);
grant select on public.countries to anon, authenticated;
create view public.country_codes as select code from public.countries;

-- not exposed by the API
create schema private;
create view private.totals as select count(*) from public.orders;
create materialized view private.daily as select count(*) from public.orders;

create function private.is_owner(order_id bigint) returns boolean language sql stable security definer
set search_path = ''
as $$ select exists (select from public.orders where id = order_id) $$;

create function public.stamp() returns trigger language plpgsql security definer as $$ begin return new; end $$;

create role app nologin;
create table public.events (id bigint primary key);
alter table public.events owner to app;
alter table public.events enable row level security;
alter table public.events force row level security;
create policy "none" on public.events to authenticated using (false);

-- the API roles cannot read it
create view public.secret as select * from public.orders;
revoke all on public.secret from anon, authenticated, public;

-- set by the platform
alter role service_role bypassrls;
create table public.uploads (id bigint primary key);
alter table public.uploads enable row level security;
create policy "none" on public.uploads to authenticated using (false);
alter table public.uploads owner to supabase_storage_admin;
