"""Firm cascades as tables, plain data, pictures and pages."""
