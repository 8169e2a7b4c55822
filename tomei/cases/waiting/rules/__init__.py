"""Where the time went, who had it before, what may be moved. Pure."""
