-- What a Supabase project holds before its first migration, as far as row-level security and grants go.
create schema auth;
create schema storage;
create schema extensions;
create schema graphql;
create schema graphql_public;
create schema realtime;
create schema vault;
create schema pgbouncer;
create schema supabase_functions;
create schema supabase_migrations;
create table auth.users (
  id uuid primary key, email text, phone text, created_at timestamptz, raw_user_meta_data jsonb, raw_app_meta_data jsonb
);
create table storage.buckets (
  id text primary key, name text, public boolean, owner uuid, file_size_limit bigint, allowed_mime_types text[]
);
create table storage.objects (
  id uuid primary key, bucket_id text, name text, owner uuid, owner_id text, metadata jsonb
);
create function storage.foldername(name text) returns text[] language sql stable as 'select null::text[]';
create function storage.filename(name text) returns text language sql stable as 'select null::text';
create function extensions.gen_random_bytes(int) returns bytea language sql as 'select null::bytea';
create function extensions.uuid_generate_v4() returns uuid language sql as 'select gen_random_uuid()';
create publication supabase_realtime;
create function auth.uid() returns uuid language sql stable as 'select null::uuid';
create function auth.role() returns text language sql stable as 'select null::text';
create function auth.jwt() returns jsonb language sql stable as 'select null::jsonb';
grant usage, create on schema public to postgres;
grant usage on schema public to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to postgres, anon, authenticated, service_role;
