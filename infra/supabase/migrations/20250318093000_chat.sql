create table public.stream_messages (
  id bigint generated always as identity primary key,
  stream_id uuid not null,
  shop_id uuid not null,
  author_id uuid not null references public.profiles (id) on delete cascade,
  author_name text not null default '',
  body text not null check (char_length(body) between 1 and 500),
  hidden_at timestamptz,
  hidden_by uuid references public.profiles (id) on delete set null,
  created_at timestamptz not null default now(),
  foreign key (stream_id, shop_id) references public.live_streams (id, shop_id) on delete cascade
);

create index stream_messages_stream_id_shop_id_idx on public.stream_messages (stream_id, shop_id);
create index stream_messages_author_id_idx on public.stream_messages (author_id);
create index stream_messages_hidden_by_idx on public.stream_messages (hidden_by);

create type public.moderation_kind as enum ('hide', 'warn', 'mute', 'ban');

create table public.moderation_actions (
  id bigint generated always as identity primary key,
  shop_id uuid not null references public.shops (id) on delete cascade,
  message_id bigint references public.stream_messages (id) on delete set null,
  target_id uuid not null references public.profiles (id) on delete cascade,
  moderator_id uuid not null references public.profiles (id),
  kind public.moderation_kind not null,
  reason text not null check (char_length(reason) between 3 and 500),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  check (kind <> 'mute' or expires_at is not null)
);

create index moderation_actions_shop_id_target_id_idx on public.moderation_actions (shop_id, target_id);
create index moderation_actions_message_id_idx on public.moderation_actions (message_id);
create index moderation_actions_target_id_idx on public.moderation_actions (target_id);
create index moderation_actions_moderator_id_idx on public.moderation_actions (moderator_id);

alter table public.stream_messages enable row level security;
alter table public.moderation_actions enable row level security;

-- Runs as its owner, because a muted user may not read who muted them.
create function private.muting_shop_ids() returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select action.shop_id
  from public.moderation_actions as action
  where action.target_id = (select auth.uid())
    and action.kind in ('mute', 'ban')
    and (action.expires_at is null or action.expires_at > now());
$$;

revoke execute on function private.muting_shop_ids() from public;
grant execute on function private.muting_shop_ids() to authenticated;

-- The name is copied from the profile and not taken from the browser. Other users cannot read profiles.
create function private.sign_message() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  select profile.display_name into strict new.author_name
  from public.profiles as profile
  where profile.id = new.author_id;
  return new;
end;
$$;

revoke execute on function private.sign_message() from public;

create trigger stream_messages_sign
  before insert on public.stream_messages
  for each row execute function private.sign_message();

grant select on public.stream_messages to anon, authenticated;
grant insert (stream_id, shop_id, author_id, body) on public.stream_messages to authenticated;
grant update (hidden_at, hidden_by) on public.stream_messages to authenticated;

create policy "Visitors read the chat"
  on public.stream_messages for select to anon
  using (hidden_at is null and stream_id in (select stream.id from public.live_streams as stream));

create policy "Users read the chat, moderators also what is hidden"
  on public.stream_messages for select to authenticated
  using (
    (hidden_at is null and stream_id in (select stream.id from public.live_streams as stream))
    or shop_id in (select private.shop_ids('moderator'))
  );

create policy "Users write in their own name"
  on public.stream_messages for insert to authenticated
  with check (author_id = (select auth.uid()) and hidden_at is null);

create policy "Moderators hide messages"
  on public.stream_messages for update to authenticated
  using (shop_id in (select private.shop_ids('moderator')))
  with check (
    shop_id in (select private.shop_ids('moderator'))
    and (hidden_by is null or hidden_by = (select auth.uid()))
  );

-- An append-only log of moderation actions.
grant select on public.moderation_actions to authenticated;
grant insert (shop_id, message_id, target_id, moderator_id, kind, reason, expires_at)
  on public.moderation_actions to authenticated;

create policy "Moderators see their shop's record, and everybody what concerns them"
  on public.moderation_actions for select to authenticated
  using (shop_id in (select private.shop_ids('moderator')) or target_id = (select auth.uid()));

create policy "Moderators act in their own name, and not on their shop's owners"
  on public.moderation_actions for insert to authenticated
  with check (
    shop_id in (select private.shop_ids('moderator'))
    and moderator_id = (select auth.uid())
    and not exists (
      select
      from public.shop_members as member
      where member.shop_id = moderation_actions.shop_id
        and member.profile_id = moderation_actions.target_id
        and member.role = 'owner'
    )
  );
