"""Decisions about questions. Pure."""
