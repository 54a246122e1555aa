"""Pictures of amounts: bars, shifts, flows and matrices as static SVG."""
