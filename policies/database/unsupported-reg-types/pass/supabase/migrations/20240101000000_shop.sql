create table public.settings (id bigint primary key, parser text, owner regrole, target regclass);
