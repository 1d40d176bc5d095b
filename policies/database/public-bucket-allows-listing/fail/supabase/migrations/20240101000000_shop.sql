insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true), ('logos', 'logos', true);
create policy "avatars" on storage.objects for select using (bucket_id = 'avatars'::text); -- expect: public-bucket-allows-listing
create policy "everything" on storage.objects for select to anon using (true); -- expect: public-bucket-allows-listing
