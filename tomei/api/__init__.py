"""Joins the features' routers under `/api/v1/`: sign-in, one error shape, idempotency keys, openapi.json."""
