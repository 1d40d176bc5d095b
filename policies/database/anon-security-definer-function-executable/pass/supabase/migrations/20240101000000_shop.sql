create schema private;
create function private.purge() returns void language sql security definer set search_path = '' as 'select 1';
create function public.mine() returns void language sql set search_path = '' as 'select 1';
create function public.stamp() returns trigger language plpgsql security definer set search_path = ''
as $$ begin return new; end $$;
create function public.closed() returns void language sql security definer set search_path = '' as 'select 1';
revoke execute on function public.closed() from public, anon;
