"""Coalitions as tables, plain data, pictures and pages."""
