"""`python -m tomei`: the console tool."""

from tomei.site.cli import main

main()
