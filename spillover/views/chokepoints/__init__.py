"""Choke points as tables, plain data and pages."""
