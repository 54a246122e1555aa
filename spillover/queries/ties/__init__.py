"""Ties of entities to organs of states and parties, and by which ways knowledge leads to them."""
