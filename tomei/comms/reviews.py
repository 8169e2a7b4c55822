"""What reviewers said about drafts, whether an approval still holds, and what went out without one."""

from __future__ import annotations

from collections.abc import Iterable

from tomei.accounts import queries as accounts
from tomei.cases import queries as cases
from tomei.comms import queries, rules
from tomei.comms.facts import DraftFacts, ReviewFacts, Standing, UpdateFacts
from tomei.comms.models import Review, Update
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

LONGEST, PAGE = 100, 50


def facts_of(row: Review) -> ReviewFacts:
    return ReviewFacts(
        row.pk, row.incident_id, row.draft_id, row.kind, row.part, row.language, row.body, row.digest, row.text,
        row.author_id, row.author_name, row.said_at,
    )  # fmt: skip


def of_draft(incident_id: int, draft_id: int) -> list[ReviewFacts]:
    """What was said about a draft, newest first; the last hundred."""
    rows = Review.objects.filter(incident=incident_id, draft_id=draft_id).order_by("-id")
    return [facts_of(row) for row in rows[:LONGEST]]


def approved(incident_id: int, digest: str) -> tuple[int, str] | None:
    """Who approved these very words in this incident; nobody when a change was asked of them after that."""
    rows = Review.objects.filter(incident=incident_id, digest=digest, kind__in=(rules.APPROVED, rules.CHANGE))
    last = rows.order_by("-id").first()
    return (last.author_id, last.author_name) if last is not None and last.kind == rules.APPROVED else None


def standing(draft: DraftFacts, said: Iterable[ReviewFacts], *, state: str, zone: str) -> Standing:
    """Does an approval cover the draft as it is now; if an edit voided one, which words changed."""
    now = rules.version_of_draft(draft.data, state=state, zone=zone)
    last = next((one for one in said if one.kind in (rules.APPROVED, rules.CHANGE)), None)
    if last is None or last.kind == rules.CHANGE or last.text is None:
        return Standing()
    if last.digest == rules.digest(now):
        return Standing(approved=last)
    return Standing(voided=last, changes=tuple(rules.changes(last.text, now)))


def others_may_approve(*, writers: Iterable[int | None]) -> bool:
    """Is there an active commander who did not write these words?"""
    mine = set(writers)
    return any(person.id not in mine for person in accounts.active_people("commander"))


def unapproved(by: Actor, *, after: str = "", looked: bool = False) -> tuple[list[UpdateFacts], str]:
    """What went out without approval and nobody looked at since (or, with `looked`, what somebody did), newest first.

    Only of incidents that this reader may find. Refuses `list.unreadable_cursor`.
    """
    rows = Update.objects.filter(cases.found_by(by, "incident__"), unapproved=True, looked_at__isnull=not looked)
    if after:
        if not after.isascii() or not after.isdigit() or len(after) > 18:
            raise Refused("list.unreadable_cursor", cursor=after[:40])
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-id")[: PAGE + 1])
    items = [queries.facts_of(row) for row in found[:PAGE]]
    return items, str(found[PAGE - 1].pk) if len(found) > PAGE else ""
