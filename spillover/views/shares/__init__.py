"""Shares by a method as tables and plain data."""
