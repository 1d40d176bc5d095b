create extension pg_graphql;
create table public.orders (id bigint primary key); -- expect: pg-graphql-anon-table-exposed
create view public.recent as select * from public.orders; -- expect: pg-graphql-anon-table-exposed
