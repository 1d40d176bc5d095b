"""What can be said of a module without evaluating anything, one kind of mistake a file."""
