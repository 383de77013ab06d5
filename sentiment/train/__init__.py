"""How the shipped model is made: `python -m sentiment.train` (needs the extra `afterword[train]`).

Nothing here is imported when Afterword runs.
"""
