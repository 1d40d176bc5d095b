create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  handle text not null unique check (handle ~ '^[a-z0-9_]{3,40}$'),
  display_name text not null check (char_length(display_name) between 1 and 80),
  avatar_key text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

alter table public.profiles enable row level security;

grant select on public.profiles to authenticated;
grant update (handle, display_name, avatar_key) on public.profiles to authenticated;

create policy "Everybody reads the own profile"
  on public.profiles for select to authenticated
  using (id = (select auth.uid()));

create policy "Everybody changes the own profile"
  on public.profiles for update to authenticated
  using (id = (select auth.uid()))
  with check (id = (select auth.uid()));

create trigger profiles_touch_updated_at
  before update on public.profiles
  for each row execute function private.touch_updated_at();

-- Runs as its owner, because a new user may not write profiles.
create function private.make_profile() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.profiles (id, handle, display_name)
  values (
    new.id,
    'user_' || replace(new.id::text, '-', ''),
    left(coalesce(nullif(new.raw_user_meta_data ->> 'name', ''), 'New viewer'), 80)
  );
  return new;
end;
$$;

revoke execute on function private.make_profile() from public;

create trigger make_profile
  after insert on auth.users
  for each row execute function private.make_profile();
