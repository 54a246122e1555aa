"""Strategic goods as tables, plain data and pages."""
