create extension postgres_fdw with schema extensions;
create server billing foreign data wrapper postgres_fdw;
import foreign schema ledger except (secrets) from server billing into public; -- expect-undecided: foreign-table-in-api
