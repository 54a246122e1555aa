"""Methods of indirect ownership, each kept apart: one module, one formula, one source."""
