"""Coalitions of states: what they cover together, who is pivotal, and what a defection costs."""
