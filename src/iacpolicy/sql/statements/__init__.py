"""One module for each family of statements; a handler takes the state, the statement's node, and the statement."""
