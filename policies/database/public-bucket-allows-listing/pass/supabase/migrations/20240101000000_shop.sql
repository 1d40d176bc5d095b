insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true), ('papers', 'papers', false);
create policy "own avatars" on storage.objects for select to authenticated
  using (bucket_id = 'avatars' and owner = (select auth.uid()));
create policy "papers" on storage.objects for select to authenticated using (bucket_id = 'papers');
create policy "uploads" on storage.objects for insert to authenticated
  with check (bucket_id = 'avatars' and owner = (select auth.uid()));
