"""Incidents, each customer's case in them, who holds which role, and the timeline."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tomei.cases.rules.states import WORKING as _WORKING

WORKING = [str(state) for state in _WORKING]


class Incident(models.Model):
    """The failure. The row is the lock of everything about the incident (law 7).

    `state`: investigating, identified, mitigating, monitoring, restored, closed, dismissed.
    `*_v` are versions of the replaceable parts; what lists sort by is copied here in the same transaction.
    """

    number = models.PositiveIntegerField(unique=True)
    title = models.JSONField()  # {ja, en}
    severity = models.TextField()
    rank = models.SmallIntegerField()
    state = models.TextField(default="investigating")
    drill = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    product = models.ForeignKey(
        "customers.Product", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    policy_version = models.ForeignKey("customers.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    signal_group_id = models.BigIntegerField(null=True)
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    declared_by_kind = models.TextField()
    declared_by_id = models.BigIntegerField(null=True)
    slow_cadence_s = models.PositiveIntegerField(null=True)  # announced slower interval, seconds
    # stamps of 2.5
    began_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)
    detected_by = models.TextField(default="")  # us or customer
    first_notice_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    mitigated_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    cause_found_at = models.DateTimeField(null=True)
    cause_told_at = models.DateTimeField(null=True)
    report_sent_at = models.DateTimeField(null=True)
    fix_validated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # what lists sort by and pages show at once
    next_due_at = models.DateTimeField(null=True)
    overdue = models.PositiveIntegerField(default=0)
    last_word_at = models.DateTimeField(null=True)
    updates = models.PositiveIntegerField(default=0)  # how many were published
    # versions of what can be replaced
    severity_v = models.PositiveIntegerField(default=0)
    state_v = models.PositiveIntegerField(default=0)
    roles_v = models.PositiveIntegerField(default=0)
    facts_v = models.PositiveIntegerField(default=0)
    # head of the timeline's chain
    seq = models.PositiveIntegerField(default=0)
    head = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["rank", "-id"], name="incident_open", condition=Q(state__in=WORKING)),
            models.Index(fields=["severity", "-id"], name="incident_severity"),
            models.Index(fields=["state", "-id"], name="incident_state"),
            models.Index(fields=["product", "-id"], name="incident_product"),
        ]


class StandingImpacts(models.Manager["IncidentComponent"]):
    """Without the versions that were corrected: whoever counts harm must not count it twice."""

    def get_queryset(self) -> models.QuerySet[IncidentComponent]:
        return super().get_queryset().filter(void_at=None)


class IncidentComponent(models.Model):
    """`impact` of a component in an interval: degraded, partial, major, maintenance. Open while `until_at` is null.

    A wrong one is not changed: it is void from `void_at` on and `replaced_by` the right one (null: it was no harm).
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="components")
    component = models.ForeignKey("customers.Component", on_delete=models.PROTECT, related_name="+")
    impact = models.TextField(default="major")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = StandingImpacts()
    versions = models.Manager["IncidentComponent"]()  # corrected ones too

    class Meta:
        indexes = [models.Index(fields=["component", "since_at"], name="impact_component")]


class Case(models.Model):
    """One customer's part: their words, their stop, their severity. `state`: open, resumed, closed, withdrawn."""

    number = models.PositiveIntegerField(unique=True)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="cases", db_index=False)
    organisation = models.ForeignKey(
        "customers.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    severity = models.TextField()
    rank = models.SmallIntegerField()
    state = models.TextField(default="open")
    state_v = models.PositiveIntegerField(default=0)
    words = models.TextField(default="")  # in the customer's own words
    stop = models.TextField(default="")  # what their business cannot do
    deadline_at = models.DateTimeField(null=True)  # the hard deadline behind it
    policy_version = models.ForeignKey("customers.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by_kind = models.TextField()
    opened_by_id = models.BigIntegerField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    first_word_at = models.DateTimeField(null=True)
    last_word_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    remaining_owner = models.TextField(default="")
    threatened_at = models.DateTimeField(null=True)  # a threat to cancel was heard
    seq = models.PositiveIntegerField(default=0)
    head = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "organisation"],
                condition=Q(incident__isnull=False) & ~Q(state="withdrawn"),
                name="case_once_per_incident",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="case_organisation"),
            models.Index(fields=["incident", "id"], name="case_incident"),
        ]


class RoleHolding(models.Model):
    """Who holds which role from when to when. Open while `left_at` is null."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="roles", db_index=False)
    role = models.TextField()  # commander, deputy, scribe, communications, liaison, expert, sponsor …
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)  # a hand-over was offered by the clock
    insisted_at = models.DateTimeField(null=True)  # and insisted on

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "role", "user"], condition=Q(left_at=None), name="role_held_once"
            ),
            models.UniqueConstraint(
                fields=["incident", "role"],
                condition=Q(left_at=None) & Q(role__in=["commander", "deputy", "scribe", "communications"]),
                name="role_held_by_one",
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "left_at"], name="role_incident"),
            models.Index(fields=["user", "joined_at"], name="role_user"),
        ]


class HandOver(models.Model):
    """A role on its way from one person to another. `state`: open, accepted, declined, withdrawn.

    Its words, questions and answers are bodies of the timeline (`data.hand_over_id`), where they can be erased.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="hand_overs", db_index=False)
    role = models.TextField()
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    started_by_id = models.BigIntegerField(null=True)
    decide_at = models.DateTimeField(null=True)  # when the next decision is due, as the outgoing person said
    state = models.TextField(default="open")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hand_over_state_known", condition=Q(state__in=["open", "accepted", "declined", "withdrawn"])
            ),
            models.UniqueConstraint(
                fields=["incident", "role", "from_user"], condition=Q(state="open"), name="hand_over_once"
            ),
        ]
        indexes = [models.Index(fields=["incident", "-id"], name="hand_over_incident")]


class Entry(models.Model):
    """One entry of an append-only, hash-chained timeline (law 9). `body` may be erased; the chain still verifies."""

    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="entries", db_index=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="entries", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()  # when it happened
    known_at = models.DateTimeField()  # when Tomei knew
    actor_kind = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    code = models.TextField()
    audience = models.TextField(default="internal")  # internal, customer, public
    data = models.JSONField(default=dict)
    body = models.TextField(default="")
    salt = models.TextField(default="")
    body_hash = models.TextField(default="")
    hash = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="entry_hangs_on_one",
                condition=Q(incident__isnull=False, case=None) | Q(incident=None, case__isnull=False),
            ),
            # no condition: empty values are distinct in both databases, and a plain index serves every read
            models.UniqueConstraint(fields=["incident", "seq"], name="entry_incident_seq"),
            models.UniqueConstraint(fields=["case", "seq"], name="entry_case_seq"),
        ]


class Counter(models.Model):
    """The last number given out, per name (`incident`, `case`)."""

    name = models.TextField(primary_key=True)
    value = models.PositiveIntegerField(default=0)


# Rows of the sub-packages belong to this app too: Django finds them by this name.
from tomei.cases.authority.models import AuthorityVersion  # noqa: E402
from tomei.cases.claims.models import Claim, ClaimAnswer  # noqa: E402
from tomei.cases.declared.models import Declaration  # noqa: E402
from tomei.cases.duties.models import Duty, DutyRule, Exposure  # noqa: E402
from tomei.cases.evidence.models import Evidence, Reading  # noqa: E402
from tomei.cases.playbooks.models import PlaybookVersion  # noqa: E402
from tomei.cases.stakes.models import Deadline, Workaround  # noqa: E402
from tomei.cases.waiting.models import BallMove, ClosingAnswer, CustomerWord  # noqa: E402

STAKES = (Deadline, Workaround)
SUB_PACKAGES = (
    BallMove,
    ClosingAnswer,
    CustomerWord,
    AuthorityVersion,
    Claim,
    ClaimAnswer,
    Declaration,
    Duty,
    DutyRule,
    Exposure,
    PlaybookVersion,
    Evidence,
    Reading,
)
