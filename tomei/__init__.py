"""Tomei (透明): the promise keeper for the worst day of your customers' year."""

__version__ = "0.1.0"
