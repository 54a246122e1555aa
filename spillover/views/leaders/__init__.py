"""Who leads, as tables, plain data and pages."""
