"""What would change if: scenarios, read from files and flags, made on a graph, never stored."""
