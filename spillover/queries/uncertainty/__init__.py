"""Samples: what is likely within certain bounds, if documented assumptions fill what is unknown."""
