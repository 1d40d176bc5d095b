create extension hstore with schema public; -- expect: extension-in-public
create extension citext; -- expect: extension-in-public
set search_path = extensions, public;
create extension pg_trgm;
