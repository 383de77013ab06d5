"""Everything that proves Afterword works."""
