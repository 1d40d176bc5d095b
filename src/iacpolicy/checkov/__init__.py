"""Run the real Checkov in its own environment, with custom checks or with its whole catalogue."""
