"""Scenarios as tables, plain data and pages."""
