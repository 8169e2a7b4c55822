"""Words that every feature shares: errors, ids, time, actors, severity, text, events. Standard library only."""
