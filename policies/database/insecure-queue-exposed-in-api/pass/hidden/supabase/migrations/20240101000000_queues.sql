-- the API does not show pgmq_public unless settings say so
select pgmq.create('mails');
grant select on pgmq.q_mails to authenticated;
