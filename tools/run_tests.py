"""`./up test`: the tests with what this machine has; `--all` adds the checks (what CI runs). Says what is skipped."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def run(title: str, *command: str, **environment: str) -> None:
    print(f"── {title}", flush=True)
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode
    if code:
        print(f"── {title}: failed (exit {code})", flush=True)
        sys.exit(code)


def tests(title: str, *command: str, **environment: str) -> None:
    """Run pytest; up to eight tests that failed are run once more, alone, and that is said.

    What fails alone too fails the run.
    """
    print(f"── {title}", flush=True)
    merged = {**os.environ, **environment}
    process = subprocess.Popen(
        [*command, "-rf", "--durations=15", "--durations-min=1"],
        cwd=ROOT,
        env=merged,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    failed: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if line.startswith(("FAILED ", "ERROR ")) and "::" in line:
            failed.append(line.split(" ", 1)[1].split(" - ", 1)[0].strip())
    code = process.wait()
    again = sorted(set(failed))
    if code == 1 and 0 < len(again) <= 8:
        print(f"── {title}: once more, alone: {', '.join(again)}", flush=True)
        code = subprocess.run([command[0], "-q", *again], cwd=ROOT, env=merged, check=False).returncode
    if code:
        print(f"── {title}: failed (exit {code})", flush=True)
        sys.exit(code)


def postgres() -> str:
    """The PostgreSQL to test on: named by TOMEI_TEST_POSTGRES, or one that listens on 127.0.0.1:5432 for `postgres`."""
    named = os.environ.get("TOMEI_TEST_POSTGRES", "")
    if named:
        return named
    try:
        with socket.create_connection(("127.0.0.1", 5432), timeout=1):
            pass
        import psycopg  # only where the server listens

        url = "postgresql://postgres@127.0.0.1:5432/postgres"
        psycopg.connect(url, connect_timeout=3).close()
    except Exception:  # no server, or not ours: the tests then run on SQLite alone
        return ""
    return url


def checks() -> None:
    run("format", str(BIN / "ruff"), "format", "--check", "-q", ".")
    run("lint", str(BIN / "ruff"), "check", "-q", ".")
    run("types", str(BIN / "mypy"), "tomei")
    run("contracts", str(BIN / "lint-imports"), PYTHONPATH=str(ROOT))
    run("messages", sys.executable, "tools/messages.py", "--all", "--check", PYTHONPATH=str(ROOT))
    run("migrations", sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run", "-v", "0",
        PYTHONPATH=str(ROOT), DJANGO_SETTINGS_MODULE="tomei.site.settings")  # fmt: skip


def main() -> None:
    everything = "--all" in sys.argv
    rest = [argument for argument in sys.argv[1:] if argument != "--all"]
    os.environ.setdefault("TOMEI_DATA", tempfile.mkdtemp(prefix="tomei-test-"))
    os.environ.pop("DATABASE_URL", None)
    url = postgres()
    if not (shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")):
        print("skipped: page tests (no Chromium on this machine)")
    if not url:
        print("skipped: everything on PostgreSQL (none answers on 127.0.0.1:5432; set TOMEI_TEST_POSTGRES)")
    if not os.environ.get("TOMEI_REAL_DATA"):
        print("skipped: tests on real records (TOMEI_REAL_DATA is not set)")
    if everything:
        checks()
    if url:
        once = "" if rest else "1"  # of all tests, those without a database run on SQLite alone
        command = (str(BIN / "pytest"), "-m", "not page", *rest)
        tests("tests on PostgreSQL", *command, DATABASE_URL=url, TOMEI_TEST_ONLY_DATABASE=once)
    tests("tests on SQLite", str(BIN / "pytest"), *rest)


main()
