create role app_worker nologin nobypassrls;
create role app_admin nologin;
create table public.orders (id bigint primary key);
alter table public.orders enable row level security;

grant select, update on public.orders to app_worker;
grant app_worker to app_admin;
-- grants that Supabase makes: its API cannot truncate
grant all on public.orders to anon, authenticated;

create schema reporting;
grant usage on schema reporting to app_worker, public;
revoke create on schema public from public;

grant truncate on public.orders to app_worker;
revoke truncate on public.orders from app_worker;
-- an object of the platform
create table realtime.notes (id bigint primary key);
grant truncate on realtime.notes to app_worker;
alter role postgres createrole;
