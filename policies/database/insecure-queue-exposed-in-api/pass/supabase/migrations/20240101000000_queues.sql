create extension pgmq;
select pgmq.create('mails');
grant select on pgmq.q_mails to authenticated;
alter table pgmq.q_mails enable row level security;
create policy "own mails" on pgmq.q_mails for select to authenticated using (message ->> 'to' = (select auth.uid())::text);

-- the archive is not a queue
grant select on pgmq.a_mails to authenticated;

-- the API roles have no rights on these
select pgmq.create('clips');
grant all on all tables in schema pgmq to service_role;
create table pgmq.q_notes (id bigint primary key);
create table public.q_orders (id bigint primary key);

select pgmq.create('gone');
grant select on pgmq.q_gone to anon;
select pgmq.drop_queue('gone');
