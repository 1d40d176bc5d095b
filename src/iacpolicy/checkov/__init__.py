"""The custom Checkov checks and Checkov's whole catalogue, judged by the real Checkov in an environment of its own."""
