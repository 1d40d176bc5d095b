-- the API exposes pgmq_public only where the settings list it
select pgmq.create('mails');
grant select on pgmq.q_mails to authenticated;
