create view public.me with (security_invoker = true) as select id from auth.users;
create schema private;
create view private.accounts as select id, email from auth.users;
create view public.closed as select id from auth.users;
revoke all on public.closed from anon, authenticated, public;
grant select on private.accounts to anon;
create table public.orders (id bigint primary key);
create view public.recent as select id from public.orders;
