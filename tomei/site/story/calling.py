"""A customer declares from the room while everybody looks at something else: the case stands alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from tomei.cases import actions as cases
from tomei.cases.declared import actions as declared
from tomei.cases.declared.rules import Said
from tomei.customers import queries as customers
from tomei.kernel.severity import Severity
from tomei.room.declaring import declare
from tomei.room.facts import Guest
from tomei.site.story.cast import Cast


def call(cast: Cast, now: datetime) -> None:
    """Towa's stock-taking is hampered; somebody has it, and told them so. Aoba's orders wait to be acknowledged."""
    yamamoto, began = _guest(cast.customers["towa"]), now - timedelta(minutes=26)
    said = Said(
        words="棚卸の画面で品番を検索すると、毎回30秒ほど待ちます。ハンディからの登録はできています。",
        stop="棚卸が予定の半分の速さでしか進まない", test=Severity.SEV3, began_at=began, users=12,
        component_id=cast.components["stock"], lead_id=yamamoto.contact.id,
    )  # fmt: skip
    made = declare(said, another=False, by=yamamoto, now=now - timedelta(minutes=21))
    by = cast.actors["kobayashi"]
    cases.acknowledge_case(made.id, by=by, now=now - timedelta(minutes=18))
    words = "小林が担当します。検索の遅れをこちらでも確かめました。15時までに、わかったことをこのページに書きます。"
    declared.tell(made.id, words, by=by, now=now - timedelta(minutes=12))
    morishita = _guest(cast.customers["aoba"])
    said = Said(
        words="会計連携のファイルが朝から空です。", stop="仕入の計上ができず、月次の締めが止まっている",
        test=Severity.SEV2, began_at=now - timedelta(minutes=40), component_id=cast.components["accounting"],
    )  # fmt: skip
    declare(said, another=False, by=morishita, now=now - timedelta(minutes=2))


def _guest(organisation_id: int) -> Guest:
    found = customers.guest(customers.contacts(organisation_id)[0].id)
    assert found is not None  # the cast made them
    return Guest(*found)
