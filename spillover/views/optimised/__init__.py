"""Designations that were searched for, as tables, plain data and pages."""
