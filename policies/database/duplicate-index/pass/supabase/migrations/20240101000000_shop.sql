create table public.orders (id bigint primary key, owner uuid, state text unique);
create index by_owner on public.orders (owner);
create index by_owner_and_state on public.orders (owner, state);
create index by_owner_open on public.orders (owner) where state = 'open';
create index by_lower on public.orders (lower(state));
create index by_hash on public.orders using hash (owner);
create unique index by_id_open on public.orders (id) where state = 'open';
