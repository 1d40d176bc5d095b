"""Static checks of a module, without evaluation; one kind of mistake in each file."""
