-- Who may do what, before there is anything to do it with.

create schema private;
comment on schema private is 'What policies and triggers call. No role of the API may look in.';

create schema reporting;
comment on schema reporting is 'Sums for analysts; not exposed by the API.';

revoke all on schema private, reporting from public;
revoke create on schema public from public;

-- Supabase grants every new object in `public` to the roles of the API, and PostgreSQL lets everybody run a new
-- function. From here on each migration grants what it means to.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke execute on functions from anon, authenticated;
alter default privileges revoke execute on functions from public;

-- The server side of the API. It passes row level security, so its key stays in Vault and out of browsers.
alter default privileges in schema public grant select, insert, update, delete on tables to service_role;

-- Groups that the login roles of Terraform are members of. Row level security holds for both.
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
