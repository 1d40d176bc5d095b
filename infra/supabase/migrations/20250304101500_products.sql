create type public.product_status as enum ('draft', 'active', 'archived');

create table public.products (
  id uuid primary key default gen_random_uuid(),
  shop_id uuid not null references public.shops (id) on delete cascade,
  title text not null check (char_length(title) between 1 and 200),
  description text not null default '' check (char_length(description) <= 10000),
  price_cents integer not null check (price_cents >= 0),
  stock integer not null default 0 check (stock >= 0),
  status public.product_status not null default 'draft',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Child tables of a product also reference its shop, and cannot reference another shop.
  unique (id, shop_id)
);

create index products_shop_id_status_idx on public.products (shop_id, status);

create table public.product_images (
  id uuid primary key default gen_random_uuid(),
  product_id uuid not null,
  shop_id uuid not null,
  object_key text not null unique check (object_key ~ '^originals/[a-z0-9/_-]+\.(jpg|png|webp|avif)$'),
  alternative_text text not null default '' check (char_length(alternative_text) <= 500),
  position smallint not null default 0 check (position between 0 and 50),
  created_at timestamptz not null default now(),
  foreign key (product_id, shop_id) references public.products (id, shop_id) on delete cascade
);

create index product_images_product_id_shop_id_idx on public.product_images (product_id, shop_id);

alter table public.products enable row level security;
alter table public.product_images enable row level security;

create trigger products_touch_updated_at
  before update on public.products
  for each row execute function private.touch_updated_at();

grant select on public.products, public.product_images to anon;
grant select, insert, delete on public.products, public.product_images to authenticated;
grant update (title, description, price_cents, stock, status) on public.products to authenticated;
grant update (alternative_text, position) on public.product_images to authenticated;

-- Row level security also applies to `select id from shops`: it returns the shops that the caller may see.
create policy "Visitors see what open shops sell"
  on public.products for select to anon
  using (status = 'active' and shop_id in (select shop.id from public.shops as shop where shop.status = 'open'));

create policy "Users see what open shops sell, members all of theirs"
  on public.products for select to authenticated
  using (
    (status = 'active' and shop_id in (select shop.id from public.shops as shop where shop.status = 'open'))
    or shop_id in (select private.shop_ids('support'))
  );

create policy "Managers add products"
  on public.products for insert to authenticated
  with check (shop_id in (select private.shop_ids('manager')));

create policy "Managers change products"
  on public.products for update to authenticated
  using (shop_id in (select private.shop_ids('manager')))
  with check (shop_id in (select private.shop_ids('manager')));

create policy "Managers delete drafts"
  on public.products for delete to authenticated
  using (shop_id in (select private.shop_ids('manager')) and status = 'draft');

create policy "Images are seen where their product is"
  on public.product_images for select to anon, authenticated
  using (product_id in (select product.id from public.products as product));

create policy "Managers add images"
  on public.product_images for insert to authenticated
  with check (shop_id in (select private.shop_ids('manager')));

create policy "Managers change images"
  on public.product_images for update to authenticated
  using (shop_id in (select private.shop_ids('manager')))
  with check (shop_id in (select private.shop_ids('manager')));

create policy "Managers delete images"
  on public.product_images for delete to authenticated
  using (shop_id in (select private.shop_ids('manager')));
