"""PostgreSQL databases of one's own."""

from tests.databases import empty_postgres, own_postgres

__all__ = ["empty_postgres", "own_postgres"]
