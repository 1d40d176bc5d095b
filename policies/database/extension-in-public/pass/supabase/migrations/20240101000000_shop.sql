create extension if not exists pgcrypto with schema extensions;
create extension pg_cron;
create extension hstore with schema public;
alter extension hstore set schema extensions;
create extension plpgsql;
create extension if not exists "uuid-ossp";
