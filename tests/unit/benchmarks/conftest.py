"""The checkout comes first on the path: ``benchmarks`` is the tool there, and not this folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
