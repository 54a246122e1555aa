"""How does a shock spread: hops, searches, regions, totals and cuts."""
