"""Duties by law: the table as data, when each falls due, which apply. Pure. No legal advice."""
