-- The table gets its common name. A message can be written only while the stream runs, and only by users
-- who are not muted.

alter table public.stream_messages rename to chat_messages;
alter index public.stream_messages_stream_id_shop_id_idx rename to chat_messages_stream_id_shop_id_idx;
alter index public.stream_messages_author_id_idx rename to chat_messages_author_id_idx;
alter index public.stream_messages_hidden_by_idx rename to chat_messages_hidden_by_idx;
alter trigger stream_messages_sign on public.chat_messages rename to chat_messages_sign;

drop policy "Users write in their own name" on public.chat_messages;

create policy "Users write to a running stream, in their own name, unless muted"
  on public.chat_messages for insert to authenticated
  with check (
    author_id = (select auth.uid())
    and hidden_at is null
    and stream_id in (select stream.id from public.live_streams as stream where stream.status = 'live')
    and shop_id not in (select private.muting_shop_ids())
  );

alter policy "Moderators hide messages" on public.chat_messages
  using (shop_id in (select private.shop_ids('moderator')))
  with check (
    shop_id in (select private.shop_ids('moderator'))
    and hidden_by is not distinct from case when hidden_at is null then null else (select auth.uid()) end
  );

alter publication supabase_realtime add table public.chat_messages, public.live_streams;
