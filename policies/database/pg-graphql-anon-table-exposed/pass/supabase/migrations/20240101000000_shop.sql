create extension pg_graphql;
create schema private;
create table private.notes (id bigint primary key);
create table public.orders (id bigint primary key);
revoke all on public.orders from anon, public;
