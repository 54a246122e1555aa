"""Datasets and loads as tables and plain data."""
