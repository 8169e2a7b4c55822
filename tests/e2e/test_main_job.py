"""The main job as a newcomer does it: from the link on the console to a ledger that shows what was kept and what late.

Real time, real mail, a real browser. The long story waits for a promise to be broken and to climb (about 4 minutes).
"""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import pytest

from tests.e2e.house import House, text_of, until
from tests.e2e.newcomer import CUSTOMER, LEAD, MATE, VAGUE, Newcomer
from tomei.kernel.time import zone

pytestmark = [pytest.mark.page, pytest.mark.mail]
FIRST = (
    "原因はまだ分かっていません。東日本の出荷確定だけが失敗しています。",
    "We do not know the cause yet; only East fails.",
)
FOUND = ("原因の設定を特定し、戻しています。", "We found the setting and are putting it back.")
BACK = ("設定を1件戻し、出荷確定は平常に戻りました。", "One setting was put back; shipments are confirmed as usual.")


def soon(seconds: int = 40) -> datetime:
    """The first full minute at least so far ahead: the shortest promise the composer can name."""
    at = datetime.now(zone("Asia/Tokyo")) + timedelta(seconds=seconds)
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def first_notice(one: Newcomer, incident: str, next_at: datetime) -> None:
    """Written by hand, found fault with, overruled with a reason, confirmed, received in both languages."""
    one.write(incident, FIRST[0] + VAGUE, FIRST[1], next_at=next_at)
    one.press('#look button[value="preview"]')
    assert one.page.locator(".guard mark").count() == 1
    one.press('#look button[value="send"]')
    assert "/updates/" not in one.page.url, "a finding without a reason holds the update back"
    one.page.click(".guard summary") if not one.page.locator(".guard details[open]").count() else None
    one.page.fill('.guard textarea[name^="reason."]', "復旧担当の見立てを先方の求めで伝える")
    one.send(confirm=True)
    mail = one.postbox.wait(CUSTOMER, FIRST[0])
    told = text_of(mail)
    assert FIRST[1] in told
    assert f"{next_at:%H:%M}" in told, "the mail names the next time"
    html = mail.get_body(("html",)).get_content()
    assert FIRST[0] in html and FIRST[1] in html


def recover(one: Newcomer, incident: str) -> None:
    """Restored with proof; told at once with the due date of the report; the status page follows within a second."""
    one.write(incident, *BACK, state="restored")
    if not one.page.is_visible('[name="proof"]'):
        one.page.click('details:has([name="proof"]) > summary')
    one.fill(proof="直近10分の失敗は0件 / no failure in ten minutes")
    one.page.check('[name="next"][value=""]')
    assert [row["status"] for row in one.state_of_summary()["incidents"]] not in ([], ["resolved"])
    one.send()
    sent = time.monotonic()
    until(lambda: not [r for r in one.state_of_summary()["incidents"] if r["status"] != "resolved"], 1, "summary.json")
    assert time.monotonic() - sent < 1.5
    told = text_of(one.postbox.wait(CUSTOMER, BACK[0]))
    assert BACK[1] in told
    assert re.search(r"報告書", told) and re.search(r"report", told, re.I), told
    one.open("/status/")
    one.press('main a[href*="/status/incidents/INC-1"]')
    assert (BACK[0] if one.language == "ja" else BACK[1]) in one.page.content()


def begin(browser, house: House, postbox, language: str) -> Newcomer:
    one = Newcomer(browser, house, postbox, language)
    one.make_account()
    one.set_up()
    return one


def test_from_a_real_alert_to_a_restored_incident_with_a_broken_promise_escalated(browser, postbox, tmp_path):
    with House(tmp_path / "data") as house:
        one = begin(browser, house, postbox, "ja")
        mate = one.invite(browser)
        incident = one.alert()
        one.take_command(incident)
        due = soon()
        first_notice(one, incident, due)
        one.open(incident)
        mate.open(incident)
        # warned at two thirds, overdue in its second, escalated two minutes later: live on both open pages
        one.wait_live('#promises .promise[data-state="soon"]', 90)
        one.wait_live('#promises .promise[data-state="overdue"]', (due - datetime.now(due.tzinfo)).total_seconds() + 10)
        assert abs((datetime.now(due.tzinfo) - due).total_seconds()) < 10
        mate.wait_live('#promises .promise[data-state="overdue"]', 10)
        postbox.wait(LEAD, "INC-1", 30)
        postbox.wait(MATE, "INC-1", 180)
        one.wait_live('#line-part li:has-text("Anna Weber")', 10)
        # the late update, then recovery
        later = soon(120)
        one.write(incident, *FOUND, state="mitigating", next_at=later)
        one.send()
        postbox.wait(CUSTOMER, "原因の設定を特定")
        recover(one, incident)
        for state in ("kept", "late"):
            one.open(f"/promises/ended/?state={state}")
            assert one.page.locator(f'main .promise[data-state="{state}"]').count() > 0
        one.open("/promises/")
        assert "原因・是正措置報告書" in one.page.inner_text("#owed")
        assert one.troubles + mate.troubles == [], house.errors()


def test_the_key_part_in_english(browser, postbox, tmp_path):
    with House(tmp_path / "data") as house:
        one = begin(browser, house, postbox, "en")
        incident = one.alert()
        one.take_command(incident)
        first_notice(one, incident, soon(300))
        recover(one, incident)
        assert one.troubles == [], house.errors()


def test_the_key_part_on_postgresql(browser, postbox, postgres, tmp_path):
    with House(tmp_path / "data", postgres) as house:
        one = begin(browser, house, postbox, "ja")
        incident = one.alert()
        one.take_command(incident)
        due = soon()
        first_notice(one, incident, due)
        one.open(incident)
        one.wait_live('#promises .promise[data-state="overdue"]', 120)
        postbox.wait(LEAD, "INC-1", 30)
        recover(one, incident)
        assert one.troubles == [], house.errors()


def test_declare_and_publish_work_without_scripts(browser, postbox, tmp_path):
    with House(tmp_path / "data") as house:
        begin(browser, house, postbox, "en").context.close()
        one = Newcomer(browser, house, postbox, "en", script=False)
        one.sign_in()
        one.open("/incidents/declare/")
        one.fill(title__ja="出荷確定ができない", title__en="Shipments cannot be confirmed")
        one.page.check('[name="severity"][value="SEV2"]')
        one.page.check('[name="components"]')
        one.press("main form button.go")
        incident = one.page.url.removeprefix(house.base)
        assert re.fullmatch(r"/incidents/INC-\d+/", incident)
        next_at = soon(600)
        one.write(incident, *FIRST, next_at=next_at)
        one.send(confirm=True)
        assert f"{next_at:%H:%M}" in text_of(postbox.wait(CUSTOMER, FIRST[0]))
