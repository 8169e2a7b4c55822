"""`/api/v1/products` and `/api/v1/components`: what we sell and run."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from tomei.accounts.doors import actor_of
from tomei.customers import actions, listing
from tomei.customers.api.shapes import NameIn, Seen
from tomei.customers.models import Component, Product
from tomei.kernel import time
from tomei.kernel.text import Text

router = Router()


class ProductIn(Schema):
    name: NameIn
    owner_id: int | None = None
    team_id: int | None = None
    top_tier_id: int | None = None
    sponsor_id: int | None = None
    position: int = 0


class ProductEdit(ProductIn, Seen):
    pass


class ComponentIn(Schema):
    name: NameIn
    group: NameIn = NameIn()
    slug: str = ""
    is_public: bool = True
    declares: bool = False
    declares_as: str = "SEV1b"
    position: int = 0


class ComponentEdit(ComponentIn, Seen):
    pass


class ComponentOut(ComponentIn):
    id: int
    version: int
    product_id: int
    archived_at: datetime | None


class ProductOut(ProductIn):
    id: int
    version: int
    archived_at: datetime | None
    components: list[ComponentOut]


class ProductList(Schema):
    items: list[ProductOut]
    next: str | None = None


def _component(row: Component) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in ComponentOut.model_fields if name not in ("name", "group")}
    return same | {"name": Text.of(row.name).as_json(), "group": Text.of(row.group).as_json()}


def _product(row: Product) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in ProductOut.model_fields if name not in ("name", "components")}
    return same | {"name": Text.of(row.name).as_json(), "components": [_component(one) for one in row.components.all()]}


@router.get("/products", response=ProductList, operation_id="products_list")
def list_products(request: HttpRequest) -> dict[str, Any]:
    """The catalogue: every product with its components, archived ones last."""
    actor_of(request).require("read")
    return {"items": [_product(row) for row in listing.catalogue()]}


@router.post("/products", response={201: ProductOut}, operation_id="products_add")
def add_product(request: HttpRequest, body: ProductIn) -> Status[dict[str, Any]]:
    given = body.dict() | {"name": body.name.text()}
    return Status(201, _product(listing.product(actions.add_product(**given, by=actor_of(request), now=time.now()))))


@router.put("/products/{int:pk}", response=ProductOut, operation_id="products_edit")
def edit_product(request: HttpRequest, pk: int, body: ProductEdit) -> dict[str, Any]:
    actions.edit_product(pk, **(body.dict() | {"name": body.name.text()}), by=actor_of(request), now=time.now())
    return _product(listing.product(pk))


@router.post("/products/{int:pk}/components", response={201: ComponentOut}, operation_id="components_add")
def add_component(request: HttpRequest, pk: int, body: ComponentIn) -> Status[dict[str, Any]]:
    given = body.dict() | {"name": body.name.text(), "group": body.group.text()}
    made = actions.add_component(pk, **given, by=actor_of(request), now=time.now())
    return Status(201, _component(listing.component(made)))


@router.post("/products/{int:pk}/{move}", response=ProductOut, operation_id="products_move")
def move_product(request: HttpRequest, pk: int, move: Literal["archive", "return"], body: Seen) -> dict[str, Any]:
    """Archive it with its components, or bring it back."""
    act = actions.archive_product if move == "archive" else actions.return_product
    act(pk, seen=body.seen, by=actor_of(request), now=time.now())
    return _product(listing.product(pk))


@router.put("/components/{int:pk}", response=ComponentOut, operation_id="components_edit")
def edit_component(request: HttpRequest, pk: int, body: ComponentEdit) -> dict[str, Any]:
    given = body.dict() | {"name": body.name.text(), "group": body.group.text()}
    actions.edit_component(pk, **given, by=actor_of(request), now=time.now())
    return _component(listing.component(pk))


@router.post("/components/{int:pk}/{move}", response=ComponentOut, operation_id="components_move")
def move_component(request: HttpRequest, pk: int, move: Literal["archive", "return"], body: Seen) -> dict[str, Any]:
    act = actions.archive_component if move == "archive" else actions.return_component
    act(pk, seen=body.seen, by=actor_of(request), now=time.now())
    return _component(listing.component(pk))
