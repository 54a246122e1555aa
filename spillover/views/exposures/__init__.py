"""Exposure paths as tables and plain data."""
