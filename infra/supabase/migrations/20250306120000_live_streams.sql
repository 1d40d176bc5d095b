create type public.stream_status as enum ('draft', 'scheduled', 'live', 'ended', 'cancelled');

create table public.live_streams (
  id uuid primary key default gen_random_uuid(),
  shop_id uuid not null references public.shops (id) on delete cascade,
  title text not null check (char_length(title) between 1 and 200),
  status public.stream_status not null default 'draft',
  scheduled_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  playback_id text unique,
  viewer_peak integer not null default 0 check (viewer_peak >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, shop_id),
  check (status <> 'scheduled' or scheduled_at is not null),
  check (ended_at is null or ended_at >= started_at)
);

create index live_streams_shop_id_idx on public.live_streams (shop_id);
create index live_streams_scheduled_at_idx on public.live_streams (scheduled_at) where status = 'scheduled';

create table public.stream_products (
  stream_id uuid not null,
  product_id uuid not null,
  shop_id uuid not null,
  position smallint not null default 0,
  featured_at timestamptz,
  primary key (stream_id, product_id),
  foreign key (stream_id, shop_id) references public.live_streams (id, shop_id) on delete cascade,
  foreign key (product_id, shop_id) references public.products (id, shop_id) on delete cascade
);

create index stream_products_stream_id_shop_id_idx on public.stream_products (stream_id, shop_id);
create index stream_products_product_id_shop_id_idx on public.stream_products (product_id, shop_id);

alter table public.live_streams enable row level security;
alter table public.stream_products enable row level security;

create trigger live_streams_touch_updated_at
  before update on public.live_streams
  for each row execute function private.touch_updated_at();

grant select on public.live_streams, public.stream_products to anon;
grant select, delete on public.live_streams to authenticated;
grant insert (shop_id, title, status, scheduled_at) on public.live_streams to authenticated;
grant update (title, status, scheduled_at) on public.live_streams to authenticated;
grant select, insert, delete on public.stream_products to authenticated;
grant update (position, featured_at) on public.stream_products to authenticated;

create policy "Visitors see announced streams of open shops"
  on public.live_streams for select to anon
  using (
    status in ('scheduled', 'live', 'ended')
    and shop_id in (select shop.id from public.shops as shop where shop.status = 'open')
  );

create policy "Users see announced streams, members all of theirs"
  on public.live_streams for select to authenticated
  using (
    (
      status in ('scheduled', 'live', 'ended')
      and shop_id in (select shop.id from public.shops as shop where shop.status = 'open')
    )
    or shop_id in (select private.shop_ids('support'))
  );

create policy "Managers plan streams"
  on public.live_streams for insert to authenticated
  with check (shop_id in (select private.shop_ids('manager')) and status in ('draft', 'scheduled'));

-- Only the ingest worker starts and ends a stream, because it receives the frames.
create policy "Managers change streams that have not begun"
  on public.live_streams for update to authenticated
  using (shop_id in (select private.shop_ids('manager')) and status in ('draft', 'scheduled'))
  with check (shop_id in (select private.shop_ids('manager')) and status in ('draft', 'scheduled', 'cancelled'));

create policy "Managers delete drafts of streams"
  on public.live_streams for delete to authenticated
  using (shop_id in (select private.shop_ids('manager')) and status = 'draft');

create policy "Products of a stream are seen where the stream is"
  on public.stream_products for select to anon, authenticated
  using (stream_id in (select stream.id from public.live_streams as stream));

create policy "Moderators put products on a stream"
  on public.stream_products for insert to authenticated
  with check (shop_id in (select private.shop_ids('moderator')));

create policy "Moderators feature products"
  on public.stream_products for update to authenticated
  using (shop_id in (select private.shop_ids('moderator')))
  with check (shop_id in (select private.shop_ids('moderator')));

create policy "Moderators take products off a stream"
  on public.stream_products for delete to authenticated
  using (shop_id in (select private.shop_ids('moderator')));

-- Runs with the privileges of the caller, so the policies above apply.
create view public.live_now with (security_invoker = true) as
select stream.id, stream.title, stream.started_at, stream.playback_id, shop.slug as shop_slug, shop.name as shop_name
from public.live_streams as stream
join public.shops as shop on shop.id = stream.shop_id
where stream.status = 'live';

grant select on public.live_now to anon, authenticated;
