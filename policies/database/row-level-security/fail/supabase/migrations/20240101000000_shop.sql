create table public.orders ( -- expect-undecided: row-level-security
  id bigint generated always as identity primary key,
  total numeric not null
);

create table public.clips (id bigint primary key);
alter table public.clips enable row level security;
