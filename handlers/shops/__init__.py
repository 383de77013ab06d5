"""Shops: the orders they report, over signed webhooks and from files."""
