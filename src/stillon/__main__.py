"""Lets `python -m stillon` run the command line."""

import sys

from stillon.cli import main

sys.exit(main())
