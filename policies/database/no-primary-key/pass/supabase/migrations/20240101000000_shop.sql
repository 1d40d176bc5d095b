create table public.orders (id bigint generated always as identity primary key);
create table public.lines (order_id bigint, position int, primary key (order_id, position));
create table public.dumped (id bigint not null);
alter table only public.dumped add constraint dumped_pkey primary key (id);
create table public.events (id bigint, at date, primary key (id, at)) partition by range (at);
create table public.events_2024 partition of public.events for values from ('2024-01-01') to ('2025-01-01');
create temporary table rows (line text);
