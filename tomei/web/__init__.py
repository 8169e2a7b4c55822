"""Pages that join features for us: the now board, the war room, the first run, health. Owns no rows and no rules."""
