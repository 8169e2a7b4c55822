"""Who and what the demo is about: a vendor of business software in Japan, its people, products and customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tomei.accounts import actions as accounts
from tomei.accounts import doors, queries, teams
from tomei.customers import actions as customers
from tomei.customers import queries as catalogue
from tomei.delivery.endpoints import actions as endpoints
from tomei.delivery.endpoints.rules import EVENTS
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.site import local

PEOPLE = (
    # key, name, role, administrator
    ("saeki", "佐伯 美咲", "commander", True),
    ("hasegawa", "長谷川 拓", "commander", False),
    ("takahashi", "高橋 直樹", "commander", False),
    ("watanabe", "渡辺 恵", "commander", False),
    ("ono", "大野 さくら", "responder", False),
    ("fujita", "藤田 光", "responder", False),
    ("okada", "岡田 健", "responder", False),
    ("kobayashi", "小林 結衣", "responder", False),
    ("raman", "Priya Raman", "responder", False),
)
DEPUTIES = {"saeki": "hasegawa", "hasegawa": "saeki", "takahashi": "ono", "ono": "takahashi", "kobayashi": "fujita"}
TEAMS = {
    "platform": ("基盤チーム", "okada", ("okada", "raman", "hasegawa")),
    "support": ("サポートチーム", "ono", ("ono", "fujita", "kobayashi", "takahashi", "saeki")),
}
PRODUCTS = {
    # key: (ja, en, owner, team)
    "erp": ("Asagiri 基幹クラウド", "Asagiri ERP Cloud", "saeki", "support"),
    "edi": ("Asagiri EDI", "Asagiri EDI", "hasegawa", "platform"),
    "common": ("共通サービス", "Common services", "hasegawa", "platform"),
}
COMPONENTS = {
    # slug: (product, ja, en, declares)
    "orders": ("erp", "受注・出荷", "Orders and shipping", True),
    "stock": ("erp", "在庫", "Stock", False),
    "accounting": ("erp", "会計", "Accounting", False),
    "exchange": ("edi", "送受信", "Sending and receiving", False),
    "sign-in": ("common", "サインイン", "Sign-in", False),
    "api": ("common", "API", "API", False),
}
CUSTOMERS = {
    # key: (ja, en, zone, language, slugs, contract, yearly value, renews in days, contacts)
    "towa": ("東和精機", "Towa Seiki", "Asia/Tokyo", "ja", ("orders", "stock", "sign-in"), "C-2023-014", "4,800万円", 74,
             (("山本 誠", "情報システム部長", "yamamoto@towa.example"), ("井口 綾", "出荷センター", "iguchi@towa.example"))),
    "kitahama": ("北浜フーズ", "Kitahama Foods", "Asia/Tokyo", "ja", ("orders", "stock", "accounting", "sign-in"), "C-2024-003",
                 "3,200万円", 41, (("遠藤 千恵", "業務改革室", "endo@kitahama.example"),)),
    "misaki": ("三崎物流", "Misaki Logistics", "Asia/Tokyo", "ja", ("orders", "exchange", "sign-in"), "C-2022-031", "2,600万円", 190,
               (("本間 大輔", "システム課", "homma@misaki.example"),)),
    "halden": ("ハルデン・パーツ", "Halden Parts GmbH", "Europe/Berlin", "en", ("exchange", "api"), "C-2025-007", "EUR 210,000", 120,
               (("Jonas Keller", "IT Operations", "keller@halden.example"),)),
    "aoba": ("青葉メディカル", "Aoba Medical", "Asia/Tokyo", "ja", ("exchange", "accounting", "sign-in"), "C-2021-019", "5,400万円", 28,
             (("森下 光一", "情報企画部", "morishita@aoba.example"), ("石川 遥", "購買部", "ishikawa@aoba.example"))),
}  # fmt: skip
VENDOR = ("共立ネットワークス", "Kyoritsu Networks")


@dataclass(frozen=True, slots=True)
class Cast:
    """Ids and actors by the short names of this file."""

    actors: dict[str, Actor] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    components: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    vendor: int = 0


def gather(now: datetime) -> Cast:
    """Make everybody and everything, as of `now` (a month ago)."""
    console = local.console()
    ours = catalogue.ours()
    customers.edit_organisation(
        ours.id, name=Text("株式会社アサギリシステムズ", "Asagiri Systems, Inc."), zone="Asia/Tokyo", language="ja",
        account_owner_id=None, seen=catalogue.version_of(ours.id), by=console, now=now,
    )  # fmt: skip
    cast = Cast()
    _people(cast, console, now)
    _catalogue(cast, console, now)
    _customers(cast, console, now)
    _endpoint(console, now)
    vendor = customers.add_organisation("vendor", name=Text(*VENDOR), by=console, now=now)
    return Cast(cast.actors, cast.ids, cast.products, cast.components, cast.customers, vendor.id)


def _people(cast: Cast, console: Actor, now: datetime) -> None:
    for key, name, role, administrator in PEOPLE:
        language = "en" if name.isascii() else "ja"
        row = accounts.new_row(
            name=name, email=f"{key}@asagiri.example", role=role, zone="Asia/Tokyo", language=language,
            is_administrator=administrator, joined_at=now,
        )  # fmt: skip
        cast.ids[key] = row.pk
    for key, deputy in DEPUTIES.items():
        seen = queries.row(cast.ids[key]).version
        accounts.edit(cast.ids[key], accounts.Change(deputy_id=cast.ids[deputy]), seen=seen, by=console, now=now)
    for name, lead, members in TEAMS.values():
        teams.make(name, lead_id=cast.ids[lead], member_ids=[cast.ids[key] for key in members], by=console, now=now)
    cast.actors.update({key: doors.actor(queries.row(pk)) for key, pk in cast.ids.items()})


def _catalogue(cast: Cast, console: Actor, now: datetime) -> None:
    team_ids = {team.name: team.id for team in queries.teams()}
    for key, (ja, en, owner, team) in PRODUCTS.items():
        cast.products[key] = customers.add_product(
            Text(ja, en), owner_id=cast.ids[owner], team_id=team_ids[TEAMS[team][0]], top_tier_id=cast.ids["raman"],
            sponsor_id=cast.ids["watanabe"], position=len(cast.products), by=console, now=now,
        )  # fmt: skip
    for slug, (product, ja, en, declares) in COMPONENTS.items():
        cast.components[slug] = customers.add_component(
            cast.products[product], name=Text(ja, en), group=Text(*PRODUCTS[product][:2]), slug=slug, declares=declares,
            declares_as="SEV1a", position=len(cast.components), by=console, now=now,
        )  # fmt: skip


def _endpoint(console: Actor, now: datetime) -> None:
    """A signed webhook to show, turned off: a demo posts nothing anywhere."""
    given = endpoints.EndpointIn(name="データ基盤 / Data platform", url="http://127.0.0.1:9/tomei", events=EVENTS)
    made, _secret = endpoints.add("house", "webhook", given, by=console, now=now)
    endpoints.switch(made.id, False, uses=("house",), by=console, now=now)


def _customers(cast: Cast, console: Actor, now: datetime) -> None:
    policy_id = catalogue.default_policy().policy_id
    owners = ("kobayashi", "fujita")
    for number, (key, row) in enumerate(CUSTOMERS.items()):
        ja, en, zone, language, slugs, contract, value, renews_in, contacts = row
        made = customers.add_organisation(
            "customer", name=Text(ja, en), zone=zone, language=language,
            account_owner_id=cast.ids[owners[number % 2]], by=console, now=now,
        )  # fmt: skip
        cast.customers[key] = made.id
        customers.set_uses(made.id, [cast.components[slug] for slug in slugs], by=console, now=now)
        today = now.date() + timedelta(days=30)
        customers.add_contract(
            made.id, policy_id=policy_id, number=contract, yearly_value=value, terms="24時間365日、重大度1は15分ごとの報告",
            starts_on=today - timedelta(days=700), renews_on=today + timedelta(days=renews_in), by=console, now=now,
        )  # fmt: skip
        for name, title, mail in contacts:
            customers.add_contact(
                made.id, name=name, mail=mail, title=title, language=language, by=console, now=now,
                room_role="commander" if mail == contacts[0][2] else "answerer",
            )  # fmt: skip
