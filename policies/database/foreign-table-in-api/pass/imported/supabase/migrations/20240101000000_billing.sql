create extension postgres_fdw with schema extensions;
create server billing foreign data wrapper postgres_fdw;
create schema ledger;
import foreign schema ledger from server billing into ledger;
import foreign schema ledger limit to (closed) from server billing into public;
revoke all on public.closed from anon, authenticated, public;
