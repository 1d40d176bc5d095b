create table public.orders (id bigint primary key, owner uuid, state text unique);
create index by_owner on public.orders (owner);
create index again on public.orders using btree (owner); -- expect: duplicate-index
create unique index by_state on public.orders (state); -- expect: duplicate-index
create index by_lower on public.orders (lower(state));
create index concurrently by_lower_too on only public.orders (lower(state)); -- expect: duplicate-index
alter table public.orders add constraint state_again unique (state); -- expect: duplicate-index
