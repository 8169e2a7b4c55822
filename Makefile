PYTHON = PYTHONPATH=. .venv/bin/python

.PHONY: check format lint types contracts messages test lock

check:            ## the whole of CI: format, lint, types, contracts, migrations, messages, tests on both databases
	./up test --all

format:
	.venv/bin/ruff format . && .venv/bin/ruff check --fix .

lint:
	.venv/bin/ruff format --check . && .venv/bin/ruff check .

types:
	.venv/bin/mypy tomei

contracts:
	PYTHONPATH=. .venv/bin/lint-imports

messages:         ## extract, update and compile the Japanese catalogues
	$(PYTHON) tools/messages.py --all

test:             ## tests on SQLite only, no browser
	.venv/bin/pytest -m "not page and not crash"

lock:             ## compile the locked requirements (no index address is written)
	for name in base dev; do uv pip compile -q --no-emit-index-url --no-header --generate-hashes --universal --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done
