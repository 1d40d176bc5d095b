create type public.shop_status as enum ('draft', 'open', 'closed', 'suspended');

-- In ascending order: a role has the privileges of all roles before it.
create type public.shop_role as enum ('support', 'moderator', 'manager', 'owner');

create table public.shops (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$'),
  name text not null check (char_length(name) between 1 and 120),
  description text not null default '' check (char_length(description) <= 4000),
  currency char(3) not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
  status public.shop_status not null default 'draft',
  created_by uuid not null references public.profiles (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index shops_created_by_idx on public.shops (created_by);

create table public.shop_members (
  shop_id uuid not null references public.shops (id) on delete cascade,
  profile_id uuid not null references public.profiles (id) on delete cascade,
  role public.shop_role not null,
  created_at timestamptz not null default now(),
  primary key (shop_id, profile_id)
);

create index shop_members_profile_id_idx on public.shop_members (profile_id);

alter table public.shops enable row level security;
alter table public.shop_members enable row level security;

-- Runs as its owner, because a policy of shop_members that reads shop_members would recurse.
create function private.shop_ids(minimum public.shop_role) returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select member.shop_id
  from public.shop_members as member
  where member.profile_id = (select auth.uid())
    and member.role >= minimum;
$$;

revoke execute on function private.shop_ids(public.shop_role) from public;
grant execute on function private.shop_ids(public.shop_role) to authenticated;

-- Runs as its owner: the first member of a shop cannot be added by a member.
create function private.add_first_owner() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.shop_members (shop_id, profile_id, role)
  values (new.id, new.created_by, 'owner');
  return new;
end;
$$;

revoke execute on function private.add_first_owner() from public;

create trigger shops_add_first_owner
  after insert on public.shops
  for each row execute function private.add_first_owner();

create trigger shops_touch_updated_at
  before update on public.shops
  for each row execute function private.touch_updated_at();

grant select on public.shops to anon, authenticated;
grant insert (slug, name, description, currency, created_by) on public.shops to authenticated;
grant update (slug, name, description, currency, status) on public.shops to authenticated;

create policy "Visitors see open shops"
  on public.shops for select to anon
  using (status = 'open');

create policy "Users see open shops and their own"
  on public.shops for select to authenticated
  using (
    status = 'open'
    or created_by = (select auth.uid())
    or id in (select private.shop_ids('support'))
  );

create policy "Users found shops in their own name"
  on public.shops for insert to authenticated
  with check (created_by = (select auth.uid()) and status = 'draft');

-- Only the platform suspends a shop or reactivates it.
create policy "Managers run their shop"
  on public.shops for update to authenticated
  using (id in (select private.shop_ids('manager')) and status <> 'suspended')
  with check (id in (select private.shop_ids('manager')) and status <> 'suspended');

grant select, insert, delete on public.shop_members to authenticated;
grant update (role) on public.shop_members to authenticated;

create policy "Members see each other"
  on public.shop_members for select to authenticated
  using (profile_id = (select auth.uid()) or shop_id in (select private.shop_ids('support')));

create policy "Owners add members"
  on public.shop_members for insert to authenticated
  with check (shop_id in (select private.shop_ids('owner')));

-- Members cannot change their own role, so a shop cannot lose its last owner.
create policy "Owners change the role of others"
  on public.shop_members for update to authenticated
  using (shop_id in (select private.shop_ids('owner')) and profile_id <> (select auth.uid()))
  with check (shop_id in (select private.shop_ids('owner')) and profile_id <> (select auth.uid()));

create policy "Owners remove others, and whoever is no owner leaves"
  on public.shop_members for delete to authenticated
  using (
    (shop_id in (select private.shop_ids('owner')) and profile_id <> (select auth.uid()))
    or (profile_id = (select auth.uid()) and role <> 'owner')
  );

-- Members of one shop can read each other's names.
drop policy "Everybody reads the own profile" on public.profiles;

create policy "Users read their own profile and their colleagues'"
  on public.profiles for select to authenticated
  using (
    id = (select auth.uid())
    or id in (
      select member.profile_id
      from public.shop_members as member
      where member.shop_id in (select private.shop_ids('support'))
    )
  );
