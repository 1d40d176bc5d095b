"""The settings of a repository, read from its settings file: `load`, `check_policies` and `describe`."""
