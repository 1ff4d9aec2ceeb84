"""Pages over the flows of the chat, for one follower at a time: fill in, look over, submit, see where things stand."""
