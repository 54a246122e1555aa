"""Verdicts as tables, plain data and pages."""
