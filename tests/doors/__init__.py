"""A house with something behind every door, and the tools to walk past all of them."""
