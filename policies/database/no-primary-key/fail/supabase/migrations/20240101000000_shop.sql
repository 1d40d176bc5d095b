create table public.logs (line text unique); -- expect: no-primary-key
create table public.copies as select * from public.logs; -- expect: no-primary-key
create table public.events (id bigint, at date) partition by range (at); -- expect: no-primary-key
create table public.once (id bigint, constraint once_key primary key (id)); -- expect: no-primary-key
alter table public.once drop constraint once_key;
