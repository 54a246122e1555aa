"""A question in, a typed and evidenced answer out. Pure: nothing here prints or writes."""
