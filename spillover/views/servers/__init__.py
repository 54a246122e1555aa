"""What is done with a graph on a server, as tables and plain data."""
