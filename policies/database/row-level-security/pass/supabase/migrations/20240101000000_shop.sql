create schema private;

create table public.orders (id bigint primary key);
alter table public.orders enable row level security;
create policy "own orders" on public.orders for select to authenticated using ((select auth.uid()) is not null);

-- not exposed by the API
create table private.jobs (id bigint primary key);

-- all API roles lose their rights
create table public.audit (id bigint primary key);
revoke all on public.audit from anon, authenticated, service_role, public;

create table public.draft (id bigint primary key);
drop table public.draft;
