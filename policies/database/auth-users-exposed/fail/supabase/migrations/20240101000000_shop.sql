create view public.accounts as select id, email from auth.users; -- expect: auth-users-exposed
create materialized view public.copies as select id, email from auth.users; -- expect: auth-users-exposed
create schema private;
create view private.all_accounts as select * from auth.users;
create view public.through as select email from private.all_accounts; -- expect: auth-users-exposed
