"""The only room that speaks SQL: journal, turn, outbox and records over SQLite and PostgreSQL."""
