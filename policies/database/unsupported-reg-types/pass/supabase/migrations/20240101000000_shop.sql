create table public.settings (id bigint primary key, parser text, owner regrole, target regclass);
-- the platform's
create table realtime.settings (id bigint primary key, handler regproc);
