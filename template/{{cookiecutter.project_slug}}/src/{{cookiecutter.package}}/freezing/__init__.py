"""What trains: `freezer` sets and verifies, `audit` proves; `selectors` choose `layers`."""
