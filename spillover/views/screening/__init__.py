"""Screenings as tables, plain data, sheets and pages."""
