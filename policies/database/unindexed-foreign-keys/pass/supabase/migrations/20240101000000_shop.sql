create table public.shops (id bigint primary key, owner uuid references auth.users (id));
create index on public.shops (owner, id);
create table public.members (shop_id bigint references public.shops, person uuid, primary key (shop_id, person));
create table public.profiles (id uuid primary key references auth.users (id));
create table public.tags (shop_id bigint, tag text, foreign key (shop_id, tag) references public.things (a, b));
create unique index on public.tags (tag, shop_id) where tag is not null;
-- an object of the platform
create table realtime.notes (id bigint primary key, shop_id bigint references public.shops);
