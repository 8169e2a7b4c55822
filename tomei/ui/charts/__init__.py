"""Pictures drawn by the server: SVG whose colours are classes, with the same facts in words beside them.

Pure: what is drawn, the present moment, zone and language are handed in.
`bands(found, …)` · `uptime_bars(days, …)` · `uptime_table(days, …)` ·
`strip(stamps, words, promises, now=…, zone=…, language=…)`.
"""

from tomei.ui.charts.bands import Band, bands
from tomei.ui.charts.strip import Owed, Stamp, Word, strip
from tomei.ui.charts.uptime import UptimeDay, uptime_bars, uptime_table

__all__ = ["Band", "Owed", "Stamp", "UptimeDay", "Word", "bands", "strip", "uptime_bars", "uptime_table"]
