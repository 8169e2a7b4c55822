"""Start, settings, front and console: where the house is put together and served."""
