"""Django's SQLite backend with our settings and one fair lock before every writing transaction of this process."""
