-- What a Supabase project holds before its first migration, as far as the migrations of `infra/` lean on it.
-- `owner` stands for Supabase's role `postgres`: no superuser, but it passes row level security.

create role owner nologin createrole bypassrls;
create role anon nologin;
create role authenticated nologin;
create role service_role nologin bypassrls;
grant anon, authenticated, service_role to owner;

alter schema public owner to owner;
grant usage on schema public to anon, authenticated, service_role;
alter default privileges for role owner in schema public
  grant all on tables to anon, authenticated, service_role;
alter default privileges for role owner in schema public
  grant all on functions to anon, authenticated, service_role;

create schema extensions;
create schema auth;
grant usage on schema auth to owner, anon, authenticated, service_role;

create table auth.users (
  id uuid primary key,
  email text,
  raw_user_meta_data jsonb not null default '{}'
);
grant all on auth.users to owner;

create function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb;
$$;

create function auth.uid() returns uuid language sql stable as $$
  select (auth.jwt() ->> 'sub')::uuid;
$$;

create publication supabase_realtime;
alter publication supabase_realtime owner to owner;
