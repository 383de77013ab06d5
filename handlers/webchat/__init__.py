"""The shop's own chat in a browser: an ordinary channel."""
