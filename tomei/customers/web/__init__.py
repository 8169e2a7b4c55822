"""Pages of customers: organisations, and under settings the catalogue, policies and calendars."""

from tomei.customers.web.urls import urlpatterns

__all__ = ["urlpatterns"]
