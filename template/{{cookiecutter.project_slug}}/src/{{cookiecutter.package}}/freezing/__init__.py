"""What trains: `selectors` choose layers, `freezer` sets and verifies, `audit` proves."""
