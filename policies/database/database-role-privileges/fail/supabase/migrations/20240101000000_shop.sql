create role deployer login createrole; -- expect: database-role-privileges
create user reader;
alter role reader replication; -- expect: database-role-privileges

create table public.orders (id bigint primary key);
alter table public.orders enable row level security;
grant select on public.orders to public; -- expect: database-role-privileges
grant all on public.orders to reader; -- expect: database-role-privileges

create schema reporting;
grant all on schema reporting to authenticated; -- expect: database-role-privileges

grant pg_read_all_data to reader; -- expect: database-role-privileges
grant service_role to authenticated; -- expect: database-role-privileges
grant service_role to authenticator;
grant create on schema reporting to public; -- expect: database-role-privileges
