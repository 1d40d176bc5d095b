create schema api;
create table public.not_shown (id int);
create table api.notes (id int);
alter table api.notes enable row level security;
alter role authenticator set pgrst.db_schemas = 'api';
