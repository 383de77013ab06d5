"""Nouns and pure rules. Nothing here reads a clock, a setting or a database."""
