-- The workers connect to PostgreSQL directly. They belong to no shop; the state of a row limits their access.

grant select (id, shop_id, status, scheduled_at, started_at, ended_at, playback_id, viewer_peak)
  on public.live_streams to app_worker;
grant update (status, started_at, ended_at, playback_id, viewer_peak) on public.live_streams to app_worker;

create policy "Ingest sees streams that are due or were"
  on public.live_streams for select to app_worker
  using (status in ('scheduled', 'live', 'ended'));

create policy "Ingest begins and ends streams"
  on public.live_streams for update to app_worker
  using (status in ('scheduled', 'live'))
  with check (status in ('live', 'ended'));

grant select on public.clips to app_worker;
grant update (status, object_key, attempts) on public.clips to app_worker;

create policy "The renderer sees clips"
  on public.clips for select to app_worker
  using (attempts <= 5);

create policy "The renderer works on clips that are not done"
  on public.clips for update to app_worker
  using (status in ('queued', 'rendering', 'failed') and attempts < 5)
  with check (attempts <= 5);

grant select (id, shop_id, buyer_id, status, total_cents, currency, tracking_code, updated_at)
  on public.orders to app_worker;

create policy "Notifications see orders there is news of"
  on public.orders for select to app_worker
  using (status in ('paid', 'shipped', 'refunded') and updated_at > now() - interval '7 days');

-- Sums only, with the privileges of the owner: an analyst needs no rows, and therefore no policy.
create view reporting.daily_sales with (security_barrier = true) as
select
  date_trunc('day', sale.created_at) as day,
  sale.shop_id,
  sale.currency,
  count(*) as orders,
  sum(sale.total_cents) as revenue_cents
from public.orders as sale
where sale.status in ('paid', 'packed', 'shipped')
group by 1, 2, 3;

grant select on reporting.daily_sales to app_reporting;
