create type public.subscription_plan as enum ('starter', 'growth', 'scale');
create type public.subscription_status as enum ('trialing', 'active', 'past_due', 'cancelled');

create table public.subscriptions (
  shop_id uuid primary key references public.shops (id) on delete cascade,
  plan public.subscription_plan not null default 'starter',
  status public.subscription_status not null default 'trialing',
  provider_customer text unique,
  current_period_end timestamptz not null,
  cancel_at_period_end boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

alter table public.subscriptions enable row level security;

create trigger subscriptions_touch_updated_at
  before update on public.subscriptions
  for each row execute function private.touch_updated_at();

-- Only the webhook of the payment provider writes this table.
grant select on public.subscriptions to authenticated;

create policy "Owners see what they pay for"
  on public.subscriptions for select to authenticated
  using (shop_id in (select private.shop_ids('owner')));
