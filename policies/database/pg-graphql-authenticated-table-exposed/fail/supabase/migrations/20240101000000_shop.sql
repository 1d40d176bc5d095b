create extension pg_graphql;
create table public.orders (id bigint primary key); -- expect: pg-graphql-authenticated-table-exposed
create view public.recent as select * from public.orders; -- expect: pg-graphql-authenticated-table-exposed
