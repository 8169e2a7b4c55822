"""Decisions about claims and the arithmetic of credit. Pure."""
