"""Saved questions in Cypher for a graph on a server: one file each, and how they are read."""
