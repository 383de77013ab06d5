"""Registers the console's pages. Importing this brings NiceGUI; it happens when the routes are asked for."""

from handlers.console import customers, inbox, insights_page, program_page

__all__ = ["customers", "inbox", "insights_page", "program_page"]
