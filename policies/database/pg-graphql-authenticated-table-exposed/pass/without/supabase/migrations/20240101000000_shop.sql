create table public.orders (id bigint primary key);
create extension pgcrypto with schema extensions;
