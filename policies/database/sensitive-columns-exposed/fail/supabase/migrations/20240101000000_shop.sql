create table public.accounts ( -- expect: sensitive-columns-exposed
  id bigint primary key,
  "Pass-Word" text,
  api_key text
);
create table public.payouts (id bigint primary key, iban text);
alter table public.payouts enable row level security;
alter table public.payouts disable row level security; -- expect: sensitive-columns-exposed
create table public.devices (id bigint primary key, imei text); -- expect: sensitive-columns-exposed
create table public.cards (id bigint primary key, cvv text); -- expect: sensitive-columns-exposed
revoke all on public.cards from anon;
