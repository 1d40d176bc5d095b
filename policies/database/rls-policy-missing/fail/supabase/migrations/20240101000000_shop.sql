create table public.orders (id bigint primary key);
alter table public.orders enable row level security; -- expect: rls-policy-missing

create table public.clips (id bigint primary key);
alter table public.clips enable row level security; -- expect: rls-policy-missing
create policy "no tests" on public.clips as restrictive to authenticated using (id > 0);

create table public.streams (id bigint primary key);
alter table public.streams enable row level security; -- expect: rls-policy-missing
create policy "all" on public.streams to authenticated using (true);
drop policy "all" on public.streams;

create table public.chats (id bigint primary key);
alter table public.chats enable row level security; -- expect-undecided: rls-policy-missing
do $$
begin
  if current_setting('app.chat', true) = 'on' then
    create policy "own chats" on public.chats to authenticated using (id > 0);
  end if;
end $$;

create table public.carts (id bigint primary key); -- expect-undecided: rls-policy-missing
do $$ begin
  execute 'alter table public.carts ' || current_setting('app.rls') || ' row level security';
end $$;
