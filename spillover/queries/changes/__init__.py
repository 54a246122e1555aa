"""What has changed: between versions, days or scenarios, and for a portfolio."""
