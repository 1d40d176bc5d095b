create table public.jobs (id bigint primary key);
alter table public.jobs enable row level security;

-- creates tables that this scan does not see
select pgmq.create(current_setting('app.queue')); -- expect-undecided: row-level-security
