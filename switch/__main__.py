"""``python -m switch``."""

import sys

from switch.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
