"""From rows of results to what a person reads: a table in the terminal, plots, and one HTML file.

Every energy says whether it was measured here, estimated, or published by others.
"""

from .html import REPORT as REPORT
from .html import write_report as write_report
from .tables import print_table as print_table
