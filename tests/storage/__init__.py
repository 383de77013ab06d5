"""The storage contract, held by SQLite and by PostgreSQL."""
