create schema private;
create table private.notes (id int); -- expect: row-level-security
grant usage on schema private to anon;
grant select on private.notes to anon;
alter role authenticator set pgrst.db_schemas = 'public, private';
notify pgrst, 'reload config';
