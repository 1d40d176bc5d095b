"""Write the names of PostgreSQL's own functions, which change no table when a migration calls them.

python -m tests.sql.builtins
"""

from pathlib import Path

from tests.sql import oracle

TARGET = Path(__file__).parents[2] / "src" / "iacpolicy" / "sql" / "procedures" / "builtins.txt"


def main() -> None:
    """Write the functions of pg_catalog in the embedded server to `builtins.txt`, one name a line, sorted."""
    with oracle.serve() as server, server.psycopg.connect(server.uri) as connection:
        rows = connection.execute(
            "select distinct proname from pg_proc p join pg_namespace n on n.oid = pronamespace "
            "where nspname = 'pg_catalog' and proname !~ '(_ops|send|recv|_in|_out|sel|hash|cmp)$' "
            "order by 1"
        )
        TARGET.write_text("".join(f"{name}\n" for (name,) in rows), encoding="ascii")


if __name__ == "__main__":
    main()
