create table public.jobs (id bigint primary key);
alter table public.jobs enable row level security;

-- makes tables of its own, which nobody here has seen
select pgmq.create(current_setting('app.queue')); -- expect-undecided: row-level-security
