"""What tests share: servers that really run, builders that make valid objects."""
