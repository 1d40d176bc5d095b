create table public.invitations (id bigint primary key, email text references auth.users (email)); -- expect: fkey-to-auth-unique
create table public.calls (id bigint primary key, phone text);
alter table public.calls add constraint calls_phone foreign key (phone) references auth.users (phone); -- expect: fkey-to-auth-unique
