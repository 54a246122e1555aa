"""Sampled ranges as tables, plain data and pictures."""
