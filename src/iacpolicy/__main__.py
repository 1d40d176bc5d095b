"""`python -m iacpolicy`."""

from iacpolicy.cli.main import main

main()
