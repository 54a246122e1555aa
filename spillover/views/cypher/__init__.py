"""Saved Cypher questions, their answers, and stored verdicts as tables, plain data and text."""
