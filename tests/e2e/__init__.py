"""Whole stories through the real server, real mail and a real browser."""
