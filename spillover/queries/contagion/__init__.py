"""Contagion among firms: who loses how much when some of them close."""
