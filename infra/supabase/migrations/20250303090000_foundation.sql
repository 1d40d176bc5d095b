-- Roles and default privileges, before the first table is created.

create schema private;
comment on schema private is 'What policies and triggers call. No role of the API may look in.';

create schema reporting;
comment on schema reporting is 'Sums for analysts; not exposed by the API.';

revoke all on schema private, reporting from public;
revoke create on schema public from public;

-- Supabase grants every new object in `public` to the roles of the API, and PostgreSQL grants EXECUTE on a new
-- function to PUBLIC. From here on, each migration grants privileges explicitly.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke execute on functions from anon, authenticated;
alter default privileges revoke execute on functions from public;

-- The server side of the API. It bypasses row level security, so its key is in Vault and never in a browser.
alter default privileges in schema public grant select, insert, update, delete on tables to service_role;

-- Groups of the login roles that Terraform creates. Row level security applies to both.
create role app_worker nologin nobypassrls;
comment on role app_worker is 'Background workers: stream ingest, clips, notifications';

create role app_reporting nologin nobypassrls;
comment on role app_reporting is 'Analysts and the settlement job';

grant usage on schema reporting to app_reporting;

create function private.touch_updated_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;
