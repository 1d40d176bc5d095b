create type public.clip_status as enum ('queued', 'rendering', 'ready', 'failed');

create table public.clips (
  id uuid primary key default gen_random_uuid(),
  stream_id uuid not null,
  shop_id uuid not null,
  product_id uuid,
  requested_by uuid references public.profiles (id) on delete set null,
  status public.clip_status not null default 'queued',
  start_seconds integer not null check (start_seconds >= 0),
  end_seconds integer not null,
  object_key text unique,
  attempts smallint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (end_seconds > start_seconds and end_seconds - start_seconds <= 180),
  check (status <> 'ready' or object_key is not null),
  foreign key (stream_id, shop_id) references public.live_streams (id, shop_id) on delete cascade,
  foreign key (product_id, shop_id) references public.products (id, shop_id)
);

create index clips_stream_id_shop_id_idx on public.clips (stream_id, shop_id);
create index clips_product_id_shop_id_idx on public.clips (product_id, shop_id);
create index clips_requested_by_idx on public.clips (requested_by);
create index clips_queue_idx on public.clips (created_at) where status = 'queued';

alter table public.clips enable row level security;

create trigger clips_touch_updated_at
  before update on public.clips
  for each row execute function private.touch_updated_at();

grant select on public.clips to anon;
grant select, delete on public.clips to authenticated;
grant insert (stream_id, shop_id, product_id, requested_by, start_seconds, end_seconds) on public.clips to authenticated;

create policy "Visitors see clips that are ready"
  on public.clips for select to anon
  using (status = 'ready' and stream_id in (select stream.id from public.live_streams as stream));

create policy "Users see clips that are ready, members all of theirs"
  on public.clips for select to authenticated
  using (
    (status = 'ready' and stream_id in (select stream.id from public.live_streams as stream))
    or shop_id in (select private.shop_ids('support'))
  );

create policy "Moderators order clips in their own name"
  on public.clips for insert to authenticated
  with check (
    shop_id in (select private.shop_ids('moderator'))
    and requested_by = (select auth.uid())
    and status = 'queued'
  );

create policy "Managers delete clips"
  on public.clips for delete to authenticated
  using (shop_id in (select private.shop_ids('manager')));
