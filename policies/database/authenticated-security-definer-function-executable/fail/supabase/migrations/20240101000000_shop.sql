create function public.purge() returns void -- expect: authenticated-security-definer-function-executable
language sql security definer set search_path = '' as 'select 1';
create function public.granted() returns void -- expect: authenticated-security-definer-function-executable
language sql security definer set search_path = '' as 'select 1';
revoke execute on function public.granted() from public, anon, authenticated;
grant execute on function public.granted() to authenticated;
-- the platform grants it to the role directly
create function public.only_public() returns void -- expect: authenticated-security-definer-function-executable
language sql security definer set search_path = '' as 'select 1';
revoke execute on function public.only_public() from public;
