"""Input-output tables: what sectors and countries lose with others, by three models."""
