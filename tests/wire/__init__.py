"""Fakes at the wire: pretend platforms that the real client libraries talk to."""
