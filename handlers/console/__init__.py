"""The console: an ordinary desk in a browser, and the pages of a shop's people."""
