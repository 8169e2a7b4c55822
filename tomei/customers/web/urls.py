"""Where the pages of customers stand."""

from __future__ import annotations

from django.urls import path

from tomei.customers.credit import web as credit
from tomei.customers.web import calendars, catalogue, contracts, organisations, paste, people, policies

urlpatterns = [
    path("customers/", organisations.index, name="customers"),
    path("customers/new/", organisations.new, name="customers.new"),
    path("customers/paste/", paste.page, name="customers.paste"),
    path("customers/<int:pk>/", organisations.page, name="customers.page"),
    path("customers/<int:pk>/edit/", organisations.edit, name="customers.edit"),
    path("customers/<int:pk>/archive/", organisations.archive, name="customers.archive"),
    path("customers/<int:pk>/return/", organisations.bring_back, name="customers.return"),
    path("customers/<int:pk>/uses/", organisations.uses, name="customers.uses"),
    path("customers/<int:pk>/contacts/new/", people.new, name="customers.contact_new"),
    path("customers/<int:pk>/contacts/<int:contact_id>/", people.edit, name="customers.contact"),
    path("customers/<int:pk>/contacts/<int:contact_id>/archive/", people.archive, name="customers.contact_archive"),
    path("customers/<int:pk>/contracts/new/", contracts.new, name="customers.contract_new"),
    path("customers/<int:pk>/contracts/<int:contract_id>/", contracts.edit, name="customers.contract"),
    path(
        "customers/<int:pk>/contracts/<int:contract_id>/archive/", contracts.archive, name="customers.contract_archive"
    ),
    path("settings/catalogue/", catalogue.index, name="catalogue"),
    path("settings/catalogue/products/new/", catalogue.new_product, name="catalogue.product_new"),
    path("settings/catalogue/products/<int:pk>/", catalogue.edit_product, name="catalogue.product"),
    path(
        "settings/catalogue/products/<int:pk>/components/new/", catalogue.new_component, name="catalogue.component_new"
    ),
    path("settings/catalogue/components/<int:pk>/", catalogue.edit_component, name="catalogue.component"),
    path("settings/catalogue/<slug:kind>/<int:pk>/<slug:move>/", catalogue.move, name="catalogue.move"),
    path("settings/policies/", policies.index, name="policies"),
    path("settings/policies/new/", policies.new, name="policies.new"),
    path("settings/policies/<int:pk>/", policies.page, name="policies.page"),
    path("settings/policies/<int:pk>/edit/", policies.edit, name="policies.edit"),
    path("settings/policies/<int:pk>/apply/<int:incident_id>/", policies.apply, name="policies.apply"),
    path("settings/policies/<int:pk>/<slug:move>/", policies.move, name="policies.move"),
    path("settings/calendars/", calendars.index, name="calendars"),
    path("settings/calendars/new/", calendars.new, name="calendars.new"),
    path("settings/calendars/<int:pk>/", calendars.edit, name="calendars.page"),
    path("settings/calendars/<int:pk>/archive/", calendars.archive, name="calendars.archive"),
    *credit.urlpatterns,
]
