"""Review of drafts: asked, commented, sent back, approved word for word; four eyes; what went out without."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW, person
from tomei.accounts import doors
from tomei.comms import actions, queries, reviews, rules
from tomei.comms.models import Draft, Review, Update
from tomei.comms.tests.factories import MINUTE, World, rows, update, words, world
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.kernel.text import Text

ZONE = "Asia/Tokyo"
DATA = {
    "effect.ja": "出荷の6割が失敗しています。",
    "effect.en": "60 % of shipments fail.",
    "to": ["affected", "internal"],
}
ADMITS = {**DATA, "effect.ja": "損害を賠償いたします。", "effect.en": "We will compensate you."}


@pytest.fixture
def here(house: Any, by_lead: Actor, lead: Any) -> World:
    return world(by_lead, owner=lead)


@pytest.fixture
def second(db: None) -> Any:
    """Another commander."""
    return person("伊藤 遥", "second@tomei.test", "commander")


@pytest.fixture
def by_second(second: Any) -> Actor:
    return doors.actor(second)


def drafted(here: World, by: Actor, data: Any = None) -> Any:
    return actions.save_draft(here.incident.id, data or DATA, by=by, now=NOW)


def approve(here: World, draft: Any, by: Actor) -> Any:
    return actions.approve(here.incident.id, draft.id, seen=draft.version, zone=ZONE, by=by, now=NOW)


def reasons(here: World, parts: Any, by: Actor) -> dict[str, str]:
    found = actions.findings(here.incident.id, parts, by=by, audiences=("affected", "internal"))
    return {one.key: "agreed with legal" for one in found}


@pytest.mark.django_db
def test_what_was_approved_word_for_word_its_author_may_send(here: World, by_lead: Actor, by_colleague: Actor) -> None:
    draft = drafted(here, by_colleague)
    with pytest.raises(Refused, match=r"update\.needs_approval"):
        actions.publish(here.incident.id, update(), by=by_colleague, now=NOW, confirmed=True)
    approve(here, draft, by_lead)
    told = actions.publish(here.incident.id, update(), by=by_colleague, now=NOW, confirmed=True)
    assert (told.approved_by_id, told.approved_by_name, told.unapproved) == (by_lead.user_id, by_lead.name, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given",
    [
        {"parts": words(en="61 % of shipments fail.")},
        {"audiences": ("affected", "internal", "public")},
        {"state": "identified"},
    ],
)
def test_other_words_are_not_what_was_approved(
    here: World, by_lead: Actor, by_colleague: Actor, given: dict[str, Any]
) -> None:
    approve(here, drafted(here, by_colleague), by_lead)
    with pytest.raises(Refused, match=r"update\.needs_approval"):
        actions.publish(here.incident.id, update(**given), by=by_colleague, now=NOW, confirmed=True)
    assert Update.objects.count() == 0


@pytest.mark.django_db
def test_an_edit_voids_the_approval_and_says_which_words_changed(
    here: World, by_lead: Actor, by_colleague: Actor
) -> None:
    draft = drafted(here, by_colleague)
    approve(here, draft, by_lead)
    said = reviews.of_draft(here.incident.id, draft.id)
    assert reviews.standing(draft, said, state="investigating", zone=ZONE).approved == said[0]
    after = actions.save_draft(
        here.incident.id, {**DATA, "effect.en": "70 % of shipments fail."}, seen=draft.version, by=by_colleague, now=NOW
    )
    now = reviews.standing(after, said, state="investigating", zone=ZONE)
    assert (now.approved, now.voided) == (None, said[0])
    assert now.changes == (rules.Change("effect", "en", "60", "70"),)


@pytest.mark.django_db
def test_the_author_saves_while_the_reviewer_reads(here: World, by_lead: Actor, by_colleague: Actor) -> None:
    draft = drafted(here, by_colleague)
    actions.save_draft(
        here.incident.id, {**DATA, "effect.en": "All fail."}, seen=draft.version, by=by_colleague, now=NOW
    )
    with pytest.raises(Stale, match=r"draft\.stale"):
        approve(here, draft, by_lead)
    assert Review.objects.count() == 0


@pytest.mark.django_db
def test_a_change_asked_after_an_approval_ends_it(here: World, by_lead: Actor, by_colleague: Actor) -> None:
    draft = drafted(here, by_colleague)
    approve(here, draft, by_lead)
    actions.ask_change(
        here.incident.id, draft.id, "Say since when.", seen=draft.version, zone=ZONE, by=by_lead, now=NOW
    )
    with pytest.raises(Refused, match=r"update\.needs_approval"):
        actions.publish(here.incident.id, update(), by=by_colleague, now=NOW, confirmed=True)
    assert [one.kind for one in reviews.of_draft(here.incident.id, draft.id)] == ["change", "approved"]


@pytest.mark.django_db
def test_nobody_approves_their_own_words_unless_nobody_else_may(here: World, by_lead: Actor, second: Any) -> None:
    draft = drafted(here, by_lead)
    with pytest.raises(Refused, match=r"review\.own_words"):
        approve(here, draft, by_lead)
    assert Review.objects.count() == 0
    rows("accounts", "User").filter(pk=second.pk).update(is_active=False)
    assert approve(here, draft, by_lead).author_id == by_lead.user_id


@pytest.mark.django_db
def test_who_mended_the_draft_wrote_it_too(here: World, by_lead: Actor, by_colleague: Actor, by_second: Actor) -> None:
    draft = drafted(here, by_colleague)
    mended = actions.save_draft(
        here.incident.id,
        {**DATA, "effect.en": "Most fail."},
        seen=draft.version,
        draft_id=draft.id,
        by=by_lead,
        now=NOW,
    )
    with pytest.raises(Refused, match=r"review\.own_words"):
        approve(here, mended, by_lead)
    assert approve(here, mended, by_second).kind == "approved"


@pytest.mark.django_db
def test_asked_of_a_person_and_answered(here: World, by_lead: Actor, by_colleague: Actor, by_second: Actor) -> None:
    drafted(here, by_colleague)
    asked = actions.ask_review(here.incident.id, of=by_second.user_id, by=by_colleague, now=NOW)
    assert (asked.asked_review_at, asked.asked_of_id) == (NOW, by_second.user_id)
    actions.comment(here.incident.id, asked.id, "Which shops?", part="effect", language="en", by=by_lead, now=NOW)
    assert queries.draft_by_id(asked.id, here.incident.id).asked_review_at == NOW
    approve(here, asked, by_second)
    assert queries.draft_by_id(asked.id, here.incident.id).asked_review_at is None


@pytest.mark.django_db
def test_only_somebody_who_may_approve_is_asked(here: World, by_colleague: Actor, watcher: Any) -> None:
    drafted(here, by_colleague)
    for of, code in ((watcher.pk, "cannot_approve"), (10**9, "cannot_approve"), (by_colleague.user_id, "own_words")):
        with pytest.raises(Refused, match=rf"review\.{code}"):
            actions.ask_review(here.incident.id, of=of, by=by_colleague, now=NOW)
    assert (Review.objects.count(), Draft.objects.get().asked_review_at) == (0, None)


@pytest.mark.django_db
def test_a_comment_has_words_and_a_measure(here: World, by_colleague: Actor) -> None:
    draft = drafted(here, by_colleague)
    for text, code in (("  ", "no_words"), ("x" * 2001, "too_long")):
        with pytest.raises(Refused, match=rf"review\.{code}"):
            actions.comment(here.incident.id, draft.id, text, by=by_colleague, now=NOW)
    with pytest.raises(Missing):
        actions.comment(here.incident.id, draft.id + 99, "there?", by=by_colleague, now=NOW)
    assert Review.objects.count() == 0


@pytest.mark.django_db
def test_an_admission_is_held_for_somebody_else_also_of_a_commander(
    here: World, by_lead: Actor, by_second: Actor
) -> None:
    parts = words("損害を賠償いたします。", "We will compensate you.")
    given = update(parts=parts, overrules=reasons(here, parts, by_lead))
    with pytest.raises(Refused, match=r"update\.liability\b"):
        actions.publish(here.incident.id, given, by=by_lead, now=NOW, confirmed=True)
    approve(here, drafted(here, by_lead, ADMITS), by_second)
    told = actions.publish(here.incident.id, given, by=by_lead, now=NOW, confirmed=True)
    assert (told.approved_by_id, {one["guard"] for one in told.overruled}) == (by_second.user_id, {"liability"})


@pytest.mark.django_db
@pytest.mark.wired
def test_from_two_minutes_before_the_promise_it_goes_but_never_in_silence(
    here: World, by_colleague: Actor, by_lead: Actor
) -> None:
    late = NOW + timedelta(minutes=3)  # the first notice is due in five
    parts = words("損害を賠償いたします。", "We will compensate you.")
    with pytest.raises(Refused, match=r"update\.guard"):
        actions.publish(here.incident.id, update(late, parts=parts), by=by_colleague, now=late, confirmed=True)
    given = update(late, parts=parts, overrules=reasons(here, parts, by_colleague))
    told = actions.publish(here.incident.id, given, by=by_colleague, now=late, confirmed=True)
    assert (told.unapproved, told.approved_by_id) == (True, None)
    assert [one.id for one in reviews.unapproved(by_lead)[0]] == [told.id]
    woken = rows("delivery", "Message").filter(subject__contains="責任を認める").values_list("address", flat=True)
    assert set(woken) == {"lead@tomei.test"}


@pytest.mark.django_db
def test_an_apology_needs_nobody(here: World, by_lead: Actor) -> None:
    parts = words("お詫びします。当社の障害です。", "We failed, we are on it. We are sorry.")
    assert actions.publish(here.incident.id, update(parts=parts), by=by_lead, now=NOW, confirmed=True).overruled == ()


@pytest.mark.django_db
def test_inside_the_house_liability_may_be_spoken_of(here: World, by_colleague: Actor) -> None:
    parts = words("補償を検討しています。", "We think about compensation.")
    told = actions.publish(
        here.incident.id, update(parts=parts, audiences=("internal",)), by=by_colleague, now=NOW, confirmed=True
    )
    assert told.overruled == ()


@pytest.mark.django_db
def test_a_correction_cannot_bring_an_admission_in(here: World, by_lead: Actor) -> None:
    told = actions.publish(here.incident.id, update(), by=by_lead, now=NOW, confirmed=True)
    parts = words("損害を賠償いたします。", "We will compensate you.")
    with pytest.raises(Refused, match=r"update\.liability_version"):
        actions.correct(
            told.id, parts, reason="wrong", overrules=reasons(here, parts, by_lead), by=by_lead, now=NOW + MINUTE
        )
    assert Update.objects.count() == 1


@pytest.mark.django_db
def test_the_policy_may_want_a_second_person(here: World, by_lead: Actor, by_second: Actor) -> None:
    version = rows("customers", "PolicyVersion").get(pk=here.incident.policy_version_id)
    version.terms["severities"]["SEV1a"]["review_outside"] = True
    rows("customers", "PolicyVersion").filter(pk=version.pk).update(terms=version.terms)
    with pytest.raises(Refused, match=r"update\.needs_second"):
        actions.publish(here.incident.id, update(), by=by_lead, now=NOW, confirmed=True)
    approve(here, drafted(here, by_lead), by_second)
    told = actions.publish(here.incident.id, update(), by=by_lead, now=NOW, confirmed=True)
    assert told.approved_by_id == by_second.user_id


@pytest.mark.django_db
def test_looked_at_afterwards_by_somebody_else_once(
    here: World, by_colleague: Actor, by_lead: Actor, by_second: Actor
) -> None:
    late = NOW + timedelta(minutes=3)
    told = actions.publish(here.incident.id, update(late), by=by_colleague, now=late, confirmed=True)
    with pytest.raises(Refused, match=r"rights\.missing"):
        actions.look_after(here.incident.id, told.number, by=by_colleague, now=late)
    seen = actions.look_after(here.incident.id, told.number, by=by_lead, now=late)
    assert (seen.looked_by_id, seen.looked_at) == (by_lead.user_id, late)
    with pytest.raises(Refused, match=r"review\.nothing_to_see"):
        actions.look_after(here.incident.id, told.number, by=by_second, now=late)
    assert reviews.unapproved(by_lead)[0] == []


@pytest.mark.django_db
def test_what_is_restricted_is_not_in_the_list_of_others(
    here: World, by_colleague: Actor, by_lead: Actor, by_second: Actor
) -> None:
    late = NOW + timedelta(minutes=3)
    told = actions.publish(here.incident.id, update(late), by=by_colleague, now=late, confirmed=True)
    rows("cases", "Incident").filter(pk=here.incident.id).update(restricted=True)
    assert [one.id for one in reviews.unapproved(by_lead)[0]] == [told.id]  # its owner
    assert reviews.unapproved(by_second)[0] == []
    with pytest.raises(Missing):
        actions.look_after(here.incident.id, told.number, by=by_second, now=late)


def test_the_version_is_one_however_it_came_in() -> None:
    typed = {"effect.en": "a\r\nb \x00", "to": ["internal", "affected"], "file": ["3", "1"], "state": ""}
    kept = rules.version_of_draft(typed, state="investigating", zone=ZONE)
    given = rules.version(
        {"effect": Text(en="a\nb", ja="")}, state="investigating", audiences=("affected", "internal"), files=(1, 3)
    )
    assert kept == given


def test_an_estimate_is_the_same_moment_in_every_zone() -> None:
    data = {"est_from": "2026-11-22T18:00", "est_to": "2026-11-22T19:00", "est_confidence": "low"}
    tokyo = rules.version_of_draft(data, state="investigating", zone=ZONE)["estimate"]
    assert (tokyo["from"], tokyo["to"]) == ("2026-11-22T09:00+00:00", "2026-11-22T10:00+00:00")
    other = {**data, "est_from": "2026-11-22T17:00"}
    assert (
        rules.changes(
            rules.version_of_draft(data, state="", zone=ZONE), rules.version_of_draft(other, state="", zone=ZONE)
        )[0].part
        == "estimate"
    )


@pytest.mark.django_db
def test_approved_and_looked_at_by_the_pages(
    here: World, by_colleague: Actor, client_of: Any, lead: Any, colleague: Any
) -> None:
    draft = drafted(here, by_colleague)
    page, url = f"{here.incident.url}update/?draft={draft.id}", f"{here.incident.url}update/review/"
    posted = {"draft_id": str(draft.id), "seen": str(draft.version), "do": "approve"}
    assert client_of(colleague).post(url, posted).status_code == 403
    assert client_of(lead).post(url, {**posted, "seen": str(draft.version + 1)}).status_code == 422
    assert Review.objects.count() == 0
    assert client_of(lead).post(url, posted).status_code == 303
    assert "approved by" in client_of(colleague).get(page).content.decode()
    late = NOW + timedelta(minutes=3)
    told = actions.publish(
        here.incident.id, update(late, parts=words(en="All fail.")), by=by_colleague, now=late, confirmed=True
    )
    looked = f"{here.incident.url}updates/{told.number}/looked/"
    assert here.incident.key in client_of(lead).get("/updates/unapproved/").content.decode()
    assert (client_of(lead).post(looked).status_code, client_of(lead).post(looked).status_code) == (303, 422)
