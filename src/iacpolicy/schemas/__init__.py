"""Facts about providers and backends, as data: types, flags, defaults, secrets, identities."""
