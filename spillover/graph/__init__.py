"""The knowledge graph: what can stand in it, where it lives, what questions run on."""
