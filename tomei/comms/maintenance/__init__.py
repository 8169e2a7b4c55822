"""Planned maintenance (計画メンテナンス): work with a told window, and the promises that telling it makes.

Words: the *window* is its told start and end; *told ahead* is a promise due so many working days before the start, the
most that the policies of those affected ask for; a *notice* is one telling, never changed afterwards; *covered* is the
part of the work that lay in a window told in time: it is no down time.

Invariants: a told time never moves in silence (`move` and a new end withdraw the old promise with the words of the
notice and make a new one); nothing begins before its told start; while it runs there is always a next time; telling
late is allowed and recorded.

Public: `actions` (the only writers), `queries`, `rules`, `view` (what the public sees), `hooks` (`tomei.wiring`
sets them).
Events: `maintenance.changed`.
"""
