"""Metrics on the test images (`scores`, `evaluate`), and predictions (`predict`)."""
