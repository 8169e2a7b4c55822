from tomei.clock.tests.conftest import shared_db, wait_until  # noqa: F401 - fixtures
