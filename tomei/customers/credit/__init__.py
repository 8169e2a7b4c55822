"""What a contract gives back when availability falls short: fee, target, tiers and cap, dated and never edited.

Terms count from the first month that begins on or after their day; a change is a new version. Minutes that both sides
agreed not to count are written down by hand, each with its reason, and taken back with another.
"""
