create table public.profiles (id uuid primary key references auth.users (id) on delete cascade);
create table public.notes (id bigint primary key, owner uuid references auth.users);
