create table public.accounts (id bigint primary key, password text);
alter table public.accounts enable row level security;
create schema private;
create table private.keys (id bigint primary key, api_key text);
create table public.shops (id bigint primary key, iban text);
revoke all on public.shops from anon, authenticated, public;
grant select (id) on public.shops to anon;
create table public.products (id bigint primary key, title text);
grant select on private.keys to anon;
