"""Pages for anybody's browser: the open window of the pool. No scripts, nothing from elsewhere."""
