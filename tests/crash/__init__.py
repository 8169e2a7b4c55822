"""Real processes, really killed: nothing forgotten, no effect twice, every message at least once with the same key."""
