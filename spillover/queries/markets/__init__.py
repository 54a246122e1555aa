"""Markets: who makes what, what is lost with them, and what the loss reaches."""
