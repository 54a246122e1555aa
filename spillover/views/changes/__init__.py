"""Changes as tables, plain data and pages."""
