create function public.one() returns int language sql as 'select 1'; -- expect: function-search-path-mutable
create function public.stamp() returns trigger language plpgsql -- expect: function-search-path-mutable
as $$ begin new.at := now(); return new; end $$;
create function public.reset() returns int language sql set search_path = '' as 'select 1'; -- expect: function-search-path-mutable
alter function public.reset() reset all;
