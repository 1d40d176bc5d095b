"""Policy as code for a repository of Terraform."""

__version__ = "0.1.0"
