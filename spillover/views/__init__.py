"""An answer in, a table, page or file out."""
