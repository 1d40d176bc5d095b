create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own" on public.orders using (auth.uid() = owner); -- expect: auth-rls-initplan
create policy "check" on public.orders for insert with check (current_setting('app.user') = owner::text); -- expect: auth-rls-initplan
create policy "claims" on public.orders for select using ((auth.jwt() ->> 'tenant') = id::text); -- expect: auth-rls-initplan
create policy "member" on public.orders for select to authenticated -- expect: auth-rls-initplan
  using (exists (select from public.orders as other where other.owner = auth.uid()));

create function public.ensure_rls() returns event_trigger language plpgsql set search_path = '' as $$
declare made record;
begin
  for made in select * from pg_event_trigger_ddl_commands() loop
    execute format('alter table if exists %s enable row level security', made.object_identity);
  end loop;
end $$;
create event trigger ensure_rls on ddl_command_end when tag in ('CREATE TABLE') execute function public.ensure_rls();
create table public.carts (id bigint primary key, owner uuid);
create policy "own" on public.carts using (auth.uid() = owner); -- expect-undecided: auth-rls-initplan
create policy "uploads" on storage.objects for select using (auth.uid() = owner); -- expect: auth-rls-initplan
