"""The only writers of customers: one function per verb."""

from tomei.customers.actions.calendars import add_calendar, archive_calendar, edit_calendar
from tomei.customers.actions.catalogue import (
    add_component,
    add_product,
    archive_component,
    archive_product,
    edit_component,
    edit_product,
    return_component,
    return_product,
    set_uses,
)
from tomei.customers.actions.contracts import add_contract, archive_contract, edit_contract
from tomei.customers.actions.house import found
from tomei.customers.actions.organisations import (
    add_contact,
    add_organisation,
    archive_contact,
    archive_organisation,
    edit_contact,
    edit_organisation,
    record_word,
    return_organisation,
)
from tomei.customers.actions.policies import (
    add_policy,
    add_version,
    apply_to,
    archive_policy,
    make_default,
    rename_policy,
)

__all__ = [
    "add_calendar",
    "add_component",
    "add_contact",
    "add_contract",
    "add_organisation",
    "add_policy",
    "add_product",
    "add_version",
    "apply_to",
    "archive_calendar",
    "archive_component",
    "archive_contact",
    "archive_contract",
    "archive_organisation",
    "archive_policy",
    "archive_product",
    "edit_calendar",
    "edit_component",
    "edit_contact",
    "edit_contract",
    "edit_organisation",
    "edit_product",
    "found",
    "make_default",
    "record_word",
    "rename_policy",
    "return_component",
    "return_organisation",
    "return_product",
    "set_uses",
]
