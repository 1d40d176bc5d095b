"""From SQL migrations to a schema model: what the database will hold, read without a database.

`discover` finds the migrations, `parse` reads them with PostgreSQL's own grammar, `replay` applies one statement after
another to a `State` and hands out the frozen `model.Database`; `exposure` says which tables the API shows without
row-level security. What dynamic SQL may have changed is marked with a `Reason`, never left out.
"""
