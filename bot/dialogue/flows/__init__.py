"""Guided flows: a flow is a tuple of steps; answers are facts, position is computed from them."""
