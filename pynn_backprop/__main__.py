"""``python -m pynn_backprop`` is the command ``pynn-backprop``."""

import sys

from .cli.main import main

if __name__ == "__main__":
    sys.exit(main())
