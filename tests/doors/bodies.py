"""The smallest body that an operation of the API can read, from its own description."""

from __future__ import annotations

from typing import Any

_NAMED = {
    "severity": "SEV2",
    "state": "identified",
    "role": "scribe",
    "every": "300",
    "mail": "new@towa.test",
    "email": "new@tomei.test",
    "zone": "Asia/Tokyo",
    "language": "en",
    "kind": "customer",
    "slug": "new-part",
    "country": "JP",
    "currency": "JPY",
    "template": "slack",
    "url": "https://hooks.example.com/x",
    "address": "new@towa.test",
    "channel": "phone",
    "name": "Name",
}


def smallest(schema: dict[str, Any], components: dict[str, Any], name: str = "") -> Any:
    """A value that fits `schema`: required fields only."""
    if "$ref" in schema:
        return smallest(components[schema["$ref"].rsplit("/", 1)[1]], components, name)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return smallest(schema[several][0], components, name)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    return _plain(schema, components, name)


def _plain(schema: dict[str, Any], components: dict[str, Any], name: str) -> Any:
    kind = schema.get("type", "object")
    if kind == "object":
        wanted = schema.get("required", [])
        return {key: smallest(schema["properties"][key], components, key) for key in wanted}
    if kind == "array":
        return [smallest(schema.get("items", {}), components, name)] if schema.get("minItems") else []
    if kind in ("integer", "number"):
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return False
    if schema.get("format") == "date-time":
        return "2026-11-18T05:30:00Z"
    if schema.get("format") == "date":
        return "2026-11-18"
    return _NAMED.get(name, "text")


def body_of(operation: dict[str, Any], components: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return None if schema is None else smallest(schema, components)
