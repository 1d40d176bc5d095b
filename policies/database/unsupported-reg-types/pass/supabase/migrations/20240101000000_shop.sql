create table public.settings (id bigint primary key, parser text, owner regrole, target regclass);
-- an object of the platform
create table realtime.settings (id bigint primary key, handler regproc);
