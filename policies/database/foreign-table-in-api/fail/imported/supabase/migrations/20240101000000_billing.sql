create extension postgres_fdw with schema extensions;
create server billing foreign data wrapper postgres_fdw;
import foreign schema ledger limit to (payments, refunds) from server billing into public; -- expect: foreign-table-in-api
revoke all on public.refunds from anon, authenticated, public;
