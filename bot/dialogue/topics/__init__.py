"""What a conversation can be about: one file a topic, each a handful of plays."""
