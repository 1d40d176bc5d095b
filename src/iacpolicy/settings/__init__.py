"""What a repository sets, read from its settings file: `load`, `check_policies` and `describe`."""
