-- Stand-ins for what the embedded server lacks, so that migrations of real projects can be applied to it.
create function extensions.digest(text, text) returns bytea language sql as 'select null::bytea';
create function extensions.digest(bytea, text) returns bytea language sql as 'select null::bytea';
create function extensions.hmac(text, text, text) returns bytea language sql as 'select null::bytea';
create function extensions.crypt(text, text) returns text language sql as 'select null::text';
create function extensions.gen_salt(text) returns text language sql as 'select null::text';
create function extensions.gen_salt(text, int) returns text language sql as 'select null::text';
create function extensions.pgp_sym_encrypt(text, text) returns bytea language sql as 'select null::bytea';
create function extensions.pgp_sym_decrypt(bytea, text) returns text language sql as 'select null::text';
create function extensions.unaccent(text) returns text language sql immutable as 'select $1';
create extension vector schema extensions;
create schema cron;
create table cron.job (jobid bigint, jobname text, schedule text, command text, active boolean);
create table cron.job_run_details (jobid bigint, runid bigint, status text, start_time timestamptz, end_time timestamptz);
create function cron.schedule(text, text, text) returns bigint language sql as 'select 1::bigint';
create function cron.schedule(text, text) returns bigint language sql as 'select 1::bigint';
create function cron.unschedule(text) returns boolean language sql as 'select true';
create function cron.unschedule(bigint) returns boolean language sql as 'select true';
create schema net;
create function net.http_post(url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{}',
  timeout_milliseconds int default 1000) returns bigint language sql as 'select 1::bigint';
create schema pgmq;
create function auth.email() returns text language sql stable as 'select null::text';
create function storage.extension(name text) returns text language sql stable as 'select null::text';
create function storage.search(prefix text) returns text language sql stable as 'select null::text';
alter table storage.objects add column path_tokens text[], add column created_at timestamptz default now(),
  add column updated_at timestamptz default now(), add column last_accessed_at timestamptz, add column version text;
alter table storage.objects enable row level security;
alter table storage.buckets add column created_at timestamptz default now(),
  add column updated_at timestamptz default now(), add column avif_autodetection boolean default false;
alter table storage.buckets enable row level security;
alter table auth.users add column role text, add column aud text, add column updated_at timestamptz,
  add column encrypted_password text, add column email_confirmed_at timestamptz, add column last_sign_in_at timestamptz,
  add column instance_id uuid, add column confirmation_token text, add column recovery_token text,
  add column is_anonymous boolean, add column banned_until timestamptz, add column deleted_at timestamptz,
  add column confirmed_at timestamptz, add column email_change text, add column email_change_token_new text,
  add column email_change_confirm_status smallint, add column is_super_admin boolean, add column is_sso_user boolean,
  add column phone_confirmed_at timestamptz, add column invited_at timestamptz;
create table auth.identities (id uuid primary key, user_id uuid, identity_data jsonb, provider text, provider_id text,
  last_sign_in_at timestamptz, created_at timestamptz, updated_at timestamptz, email text);
create table auth.sessions (id uuid primary key, user_id uuid, created_at timestamptz);
create table vault.secrets (id uuid primary key, name text, secret text);
create view vault.decrypted_secrets as select id, name, secret as decrypted_secret from vault.secrets;
create function vault.create_secret(text, text default null, text default '') returns uuid
  language sql as 'select null::uuid';
