"""The kind of source whose signals are mail: `delivery.inbound` reads them, and nobody believes who they say wrote."""

MAIL = "mail"
