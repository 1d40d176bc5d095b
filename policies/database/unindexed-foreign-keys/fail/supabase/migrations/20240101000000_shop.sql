create table public.shops ( -- expect: unindexed-foreign-keys
  id bigint primary key,
  owner uuid references auth.users (id)
);
create index on public.shops (id, owner);
create table public.orders (id bigint primary key, shop_id bigint);
alter table public.orders add constraint orders_shop foreign key (shop_id) references public.shops (id); -- expect: unindexed-foreign-keys
create table public.lines (order_id bigint references public.orders); -- expect: unindexed-foreign-keys
create index lines_order on public.lines (order_id);
drop index public.lines_order;
