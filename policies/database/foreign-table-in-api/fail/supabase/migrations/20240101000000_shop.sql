create extension postgres_fdw with schema extensions;
create server elsewhere foreign data wrapper postgres_fdw;
create foreign table public.payments (id bigint) server elsewhere; -- expect: foreign-table-in-api
