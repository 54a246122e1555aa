"""Which rows of a portfolio are hit, and what calls for a closer look."""
