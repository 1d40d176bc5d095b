create extension pgmq;
select pgmq.create('Mails'); -- expect: insecure-queue-exposed-in-api
grant select, delete on pgmq.q_mails to authenticated;

select pgmq.create(queue_name => 'clips');
grant insert on pgmq.q_clips to anon;
alter table pgmq.q_clips enable row level security;
alter table pgmq.q_clips disable row level security; -- expect: insecure-queue-exposed-in-api

select pgmq.create('orders'); -- expect-undecided: insecure-queue-exposed-in-api
grant all on pgmq.q_orders to anon;
select pgmq.create('refunds'); -- expect-undecided: insecure-queue-exposed-in-api
select pgmq.create('taxes');
do $$
begin
  if current_setting('app.stage') = 'production' then
    alter table pgmq.q_orders enable row level security;
    grant select on pgmq.q_refunds to anon;
    alter table pgmq.q_taxes enable row level security;
  end if;
end $$;
