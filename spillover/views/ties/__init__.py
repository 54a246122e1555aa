"""State ties as tables, plain data and pages."""
