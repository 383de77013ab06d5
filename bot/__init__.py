"""Afterword: the conversation after the purchase."""

__version__ = "0.1.0"
