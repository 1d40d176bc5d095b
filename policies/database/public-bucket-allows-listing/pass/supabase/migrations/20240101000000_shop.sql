insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true), ('papers', 'papers', false);
create policy "own avatars" on storage.objects for select to authenticated
  using (bucket_id = 'avatars' and owner = (select auth.uid()));
create policy "papers" on storage.objects for select to authenticated using (bucket_id = 'papers');
create policy "uploads" on storage.objects for insert to authenticated
  with check (bucket_id = 'avatars' and owner = (select auth.uid()));
create policy "to the service" on storage.objects for select to service_role using (true);
create policy "narrows" on storage.objects as restrictive for select to authenticated using (bucket_id = 'avatars');
create policy "changes" on storage.objects for delete to authenticated using (bucket_id = 'avatars');
create policy "others" on storage.objects for select to authenticated using (bucket_id <> 'avatars');
create policy "named so" on storage.objects for select to authenticated using (name = 'avatars');
create table public.notes (id bigint primary key);
create policy "notes" on public.notes for select to authenticated using (true);
