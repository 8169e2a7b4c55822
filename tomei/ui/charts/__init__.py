"""Pictures drawn by the server: SVG whose colours are classes, with the same facts in words beside them.

Pure: what is drawn, the present moment, zone and language are handed in.
`uptime_bars(days, …)` · `uptime_table(days, …)` · `strip(stamps, words, promises, now=…, zone=…, language=…)`.
"""

from tomei.ui.charts.strip import Owed, Stamp, Word, strip
from tomei.ui.charts.uptime import UptimeDay, uptime_bars, uptime_table

__all__ = ["Owed", "Stamp", "UptimeDay", "Word", "strip", "uptime_bars", "uptime_table"]
