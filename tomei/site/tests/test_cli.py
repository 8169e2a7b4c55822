"""The main job on the console: declared, told, guarded, beaten, restored; refusals with their way out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import typer
from typer.testing import CliRunner

from tomei.cases import actions as cases
from tomei.cases import queries
from tomei.comms.models import Update
from tomei.customers import actions as customers
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.site import cli_work, console, local
from tomei.site.cli import app

pytestmark = pytest.mark.django_db


@pytest.fixture
def tool(monkeypatch, house):
    """Run `tomei WORDS` in this process: (exit code, all that was printed)."""
    monkeypatch.setattr(console, "load", lambda: None)

    def run(*given: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, list(given))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


@pytest.fixture
def incident(house):
    """Two customers with addresses are concerned."""
    by, now = local.console(), time.now()
    product = customers.add_product(Text("基幹", "ERP"), by=by, now=now)
    part = customers.add_component(product, name=Text("受注", "Orders"), group=Text(), slug="orders", by=by, now=now)
    for name in ("towa", "misaki"):
        one = customers.add_organisation("customer", name=Text(name, name), by=by, now=now)
        customers.set_uses(one.id, [part], by=by, now=now)
        customers.add_contact(one.id, name=name, mail=f"it@{name}.example", language="ja", by=by, now=now)
    made = cases.declare(title=Text("止まった", "It stands"), severity="SEV2", product_id=product, component_ids=[part],
                         by=by, now=now)  # fmt: skip
    return made.key


def soon() -> str:
    return (time.now() + timedelta(minutes=20)).replace(microsecond=0).isoformat()


def test_words_go_under_their_language():
    assert cli_work.words(["Orders fail"]) == {"en": "Orders fail"}
    assert cli_work.words(["受注できない"], en="Orders fail") == {"ja": "受注できない", "en": "Orders fail"}
    with pytest.raises(typer.BadParameter):
        cli_work.words(["Orders fail"], en="Orders do not work")


def test_from_declared_to_restored(tool, incident):
    first = (
        "update",
        incident,
        "--effect",
        "受注できません。",
        "--effect",
        "Orders cannot be taken.",
        "--next",
        soon(),
    )
    code, said = tool(*first)
    assert (code, "2 organisations, 2 people" in said, "--confirm" in said) == (1, True, True)
    assert Update.objects.count() == 0
    code, said = tool(*first, "--confirm")
    assert code == 0, said
    assert (f"{incident} #1" in said, "2 messages" in said, "(Asia/Tokyo)" in said) == (True, True, True)
    assert Update.objects.get().parts == {"effect": {"ja": "受注できません。", "en": "Orders cannot be taken."}}

    code, said = tool("update", incident, "The database was restarted.", "--heartbeat", "--next", soon())
    assert (code, "(heartbeat)" in said) == (0, True), said
    ended = ("update", incident, "--known", "Orders run again since the index was rebuilt.", "--state", "restored")
    code, said = tool(*ended)
    assert (code, queries.open_incidents(local.console())[0].state) == (1, "investigating")
    code, said = tool(*ended, "--proof", "200 orders in a row")
    assert (code, "Report due by" in said) == (0, True), said


def test_a_guard_is_shown_and_overruled_with_a_reason(tool, incident):
    vague = ("update", incident, "We will fix it as soon as possible.", "--next", soon(), "--to", "internal")
    code, said = tool(*vague)
    assert code == 1 and "--overrule" in said and Update.objects.count() == 0
    guards = {word.partition("=")[0] for word in said.split("--overrule ")[1:]}
    code, said = tool(*vague, *(part for guard in guards for part in ("--overrule", f"{guard.split()[0]}=agreed")))
    assert code == 0, said
    assert Update.objects.get().overruled[0]["reason"] == "agreed"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("update", "INC-999", "x", "--next", "2030-01-01T00:00:00Z"), 3),
        (("update", "INC-1", "x", "--overrule", "vague"), 2),
        (("declare", "x", "--severity", "SEV9"), 1),
        (("token", "revoke", "999"), 3),
        (("nonsense",), 2),
    ],
)
def test_exit_codes(tool, incident, words, code):
    assert tool(*words)[0] == code
