"""The schema model: the state of a database after its SQL migrations, computed without a database.

`migrations.discover` finds the migrations, and `syntax.parse` reads them with PostgreSQL's own grammar. `replay`
applies one statement after another to a `ReplayState` and returns a frozen `Database`. `privileges.exposure` finds the
tables that the API shows without row-level security. An object that dynamic SQL may have changed has a `SchemaDoubt`.
"""
