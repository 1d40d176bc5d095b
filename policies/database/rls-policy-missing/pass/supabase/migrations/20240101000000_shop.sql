create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own orders" on public.orders to authenticated using ((select auth.uid()) = owner);

-- for the service role only, with explicit revokes
create table public.jobs (id bigint primary key);
alter table public.jobs enable row level security;
revoke all on public.jobs from anon, authenticated, public;

-- not exposed by the API
create schema private;
create table private.notes (id bigint primary key);
alter table private.notes enable row level security;
grant select on private.notes to anon;

-- without row-level security no policy is missing
create table public.countries (code text primary key);
