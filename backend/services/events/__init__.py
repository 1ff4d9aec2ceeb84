"""Use cases of events: what staff plan, what followers do, what the office tells by itself."""
