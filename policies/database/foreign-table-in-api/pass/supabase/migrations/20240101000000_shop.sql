create extension postgres_fdw with schema extensions;
create server elsewhere foreign data wrapper postgres_fdw;
create schema private;
create foreign table private.payments (id bigint) server elsewhere;
create foreign table public.closed (id bigint) server elsewhere;
revoke all on public.closed from anon, authenticated, public;
grant select on private.payments to anon;
create table public.orders (id bigint primary key);
