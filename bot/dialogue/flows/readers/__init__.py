"""Readers: one kind of answer each. They turn words into values and know nothing of other answers."""
