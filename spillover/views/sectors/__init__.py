"""Sectors as tables, plain data, pictures and pages."""
