create function public.one() returns int language sql set search_path = '' as 'select 1';
create function public.later() returns int language sql as 'select 1';
alter function public.later() set search_path = pg_catalog, pg_temp;
create function public.bound(a int) returns int language sql begin atomic select a + 1; end;
