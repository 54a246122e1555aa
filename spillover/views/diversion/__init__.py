"""Diversion as tables, plain data, pictures and pages."""
