"""Data, settings and events as they come, and what has to be said or done of each."""
