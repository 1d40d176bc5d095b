create type public.order_status as enum ('pending', 'paid', 'packed', 'shipped', 'cancelled', 'refunded');
create type public.payment_status as enum ('created', 'authorized', 'captured', 'failed', 'refunded');

create table public.orders (
  id uuid primary key default gen_random_uuid(),
  shop_id uuid not null references public.shops (id),
  buyer_id uuid not null references public.profiles (id),
  stream_id uuid,
  status public.order_status not null default 'pending',
  currency char(3) not null,
  total_cents integer not null check (total_cents >= 0),
  shipping_address jsonb not null default '{}',
  tracking_code text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, shop_id),
  foreign key (stream_id, shop_id) references public.live_streams (id, shop_id)
);

create index orders_shop_id_created_at_idx on public.orders (shop_id, created_at);
create index orders_buyer_id_idx on public.orders (buyer_id);
create index orders_stream_id_shop_id_idx on public.orders (stream_id, shop_id);

create table public.order_items (
  id uuid primary key default gen_random_uuid(),
  order_id uuid not null,
  shop_id uuid not null,
  product_id uuid not null,
  title text not null,
  quantity integer not null check (quantity between 1 and 100),
  unit_price_cents integer not null check (unit_price_cents >= 0),
  foreign key (order_id, shop_id) references public.orders (id, shop_id) on delete cascade,
  foreign key (product_id, shop_id) references public.products (id, shop_id)
);

create index order_items_order_id_shop_id_idx on public.order_items (order_id, shop_id);
create index order_items_product_id_shop_id_idx on public.order_items (product_id, shop_id);

create table public.payments (
  id uuid primary key default gen_random_uuid(),
  order_id uuid not null,
  shop_id uuid not null,
  provider text not null check (provider in ('stripe', 'adyen')),
  provider_reference text not null,
  amount_cents integer not null check (amount_cents > 0),
  status public.payment_status not null default 'created',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider, provider_reference),
  foreign key (order_id, shop_id) references public.orders (id, shop_id)
);

create index payments_order_id_shop_id_idx on public.payments (order_id, shop_id);

alter table public.orders enable row level security;
alter table public.order_items enable row level security;
alter table public.payments enable row level security;

create trigger orders_touch_updated_at
  before update on public.orders
  for each row execute function private.touch_updated_at();

create trigger payments_touch_updated_at
  before update on public.payments
  for each row execute function private.touch_updated_at();

-- Only the server writes orders and payments, so that a browser cannot set its own price.
grant select on public.orders, public.order_items, public.payments to authenticated;
grant update (status, tracking_code) on public.orders to authenticated;

create policy "Buyers see their orders, members those of their shop"
  on public.orders for select to authenticated
  using (buyer_id = (select auth.uid()) or shop_id in (select private.shop_ids('support')));

create policy "Managers pack and ship what is paid"
  on public.orders for update to authenticated
  using (shop_id in (select private.shop_ids('manager')) and status in ('paid', 'packed'))
  with check (shop_id in (select private.shop_ids('manager')) and status in ('packed', 'shipped'));

create policy "Items are seen where their order is"
  on public.order_items for select to authenticated
  using (order_id in (select buyer_order.id from public.orders as buyer_order));

create policy "Buyers see their payments, managers those of their shop"
  on public.payments for select to authenticated
  using (
    shop_id in (select private.shop_ids('manager'))
    or order_id in (
      select buyer_order.id from public.orders as buyer_order where buyer_order.buyer_id = (select auth.uid())
    )
  );

-- The price is the price of the product at the time of the order. The rows are locked to prevent overselling.
create function public.place_order(buyer uuid, shop uuid, stream uuid, lines jsonb) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  new_order uuid;
  line record;
  total integer := 0;
  placed integer := 0;
begin
  insert into public.orders (shop_id, buyer_id, stream_id, currency, total_cents)
  select place.id, buyer, stream, place.currency, 0
  from public.shops as place
  where place.id = shop and place.status = 'open'
  returning id into strict new_order;

  for line in
    select product.id, product.title, product.price_cents, wanted.quantity
    from jsonb_to_recordset(lines) as wanted (product_id uuid, quantity integer)
    join public.products as product on product.id = wanted.product_id
    where product.shop_id = shop and product.status = 'active'
    order by product.id
    for update of product
  loop
    update public.products set stock = stock - line.quantity where id = line.id;
    insert into public.order_items (order_id, shop_id, product_id, title, quantity, unit_price_cents)
    values (new_order, shop, line.id, line.title, line.quantity, line.price_cents);
    total := total + line.quantity * line.price_cents;
    placed := placed + 1;
  end loop;

  if placed = 0 or placed <> jsonb_array_length(lines) then
    raise exception 'a product is not for sale here' using errcode = 'check_violation';
  end if;

  update public.orders set total_cents = total where id = new_order;
  return new_order;
end;
$$;

revoke execute on function public.place_order(uuid, uuid, uuid, jsonb) from public, anon, authenticated;
grant execute on function public.place_order(uuid, uuid, uuid, jsonb) to service_role;
