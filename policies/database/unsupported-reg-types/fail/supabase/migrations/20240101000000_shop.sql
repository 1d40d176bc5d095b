create table public.settings (id bigint primary key, configuration regconfig); -- expect: unsupported-reg-types
alter table public.settings add column handler regproc; -- expect: unsupported-reg-types
