"""Measurements: ratios from one run, on whatever machine this is."""
