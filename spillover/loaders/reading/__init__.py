"""How is any file opened and cut into records, within limits, whatever is in it."""
