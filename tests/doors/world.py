"""One open incident and one restricted incident, each with everything that can hang on an incident.

Whatever belongs to the restricted one carries `MARK`: a page that shows it to the wrong person holds that word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.core.cache import cache

from tests.people import NOW, person
from tomei.accounts import doors, teams, tokens
from tomei.accounts.models import User
from tomei.cases import actions as cases
from tomei.cases import queries as incidents
from tomei.cases.claims import actions as claims
from tomei.cases.duties import actions as duties
from tomei.cases.duties.rules.applying import Answer
from tomei.cases.evidence import actions as evidence
from tomei.cases.facts import IncidentFacts
from tomei.clock.handlers import JobFacts
from tomei.comms import actions as comms
from tomei.comms.facts import UpdateInput
from tomei.comms.maintenance import actions as maintenance
from tomei.comms.maintenance.facts import PlanInput
from tomei.customers import actions as customers
from tomei.customers.credit import actions as credit
from tomei.customers.rules import credit as credit_rules
from tomei.delivery.endpoints import actions as endpoints
from tomei.delivery.inbound import actions as inbound
from tomei.delivery.inbound import settling
from tomei.delivery.inbound.tests import letters
from tomei.diagnosis import actions as questions
from tomei.diagnosis.rules.asking import PARTS
from tomei.files import actions as files
from tomei.files.uploads import actions as uploads
from tomei.files.uploads import store
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.promises import queries as promises
from tomei.signals import actions as signals
from tomei.signals import door as signal_door
from tomei.signals.rules.beating import Schedule
from tomei.signals.rules.probing import Setting
from tomei.signals.tests import bodies

MARK = "Zebrafinch"
MARK_JA = "錦花鳥"
MINUTE = timedelta(minutes=1)
LATER = NOW + 5 * MINUTE
MASTER = Actor("user", 1, "Master", rights=frozenset({"customer.edit", "house.configure", "people.edit"}))


def rows(app: str, model: str) -> Any:
    return apps.get_model(app, model).objects


@dataclass
class Hanging:
    """An incident and the ids of what hangs on it."""

    incident: IncidentFacts
    case: Any
    promise_id: int
    file_id: int
    draft_id: int
    message_ids: list[int]
    hand_over_id: int = 0
    claim_key: str = ""
    deadline_id: int = 0
    question_key: str = ""
    duty_id: int = 0
    evidence_id: int = 0
    interval_id: int = 0


@dataclass
class World:
    people: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    open: Hanging = None  # type: ignore[assignment] # set by build
    hidden: Hanging = None  # type: ignore[assignment] # set by build
    loose_case: Any = None
    rows: dict[str, Any] = field(default_factory=dict)  # the snapshot of everything, before anybody came
    visitors: dict[str, Any] = field(default_factory=dict)

    def by(self, name: str) -> Actor:
        return doors.actor(User.objects.get(pk=self.people[name].pk))


def build(people: dict[str, User]) -> World:
    """Everything, as of NOW, through the verbs of the house."""
    world = World(people={**people, "second": person("二人目の指揮者", "second@tomei.test", "commander")})
    _catalogue(world)
    _endpoints(world)
    _signals(world)
    _mail(world)
    _credit(world)
    world.open = _incident(world, "Orders fail", "受注できない", restricted=False)
    world.hidden = _incident(world, f"{MARK} leaks", f"{MARK_JA}漏えい", restricted=True)
    world.loose_case = cases.add_case(
        None, world.ids["organisation"], words="Slow", severity="SEV3", by=world.by("lead"), now=NOW
    )
    _maintenance(world)
    _tokens(world)
    cache.clear()
    return world


def _catalogue(world: World) -> None:
    by, lead = MASTER, world.people["lead"].pk
    ids = world.ids
    ids["team"] = teams.make("Desk", lead_id=lead, member_ids=[lead], by=by, now=NOW).id
    ids["product"] = customers.add_product(Text("受注", "Orders"), owner_id=lead, team_id=ids["team"], by=by, now=NOW)
    ids["component"] = customers.add_component(
        ids["product"], name=Text("受注", "Orders"), slug="orders", by=by, now=NOW
    )
    for key, name in (("organisation", "towa"), ("other_organisation", "kitahama")):
        ids[key] = customers.add_organisation("customer", name=Text(name, name), by=by, now=NOW).id
        customers.set_uses(ids[key], [ids["component"]], by=by, now=NOW)
        ids[f"{key}.contact"] = customers.add_contact(
            ids[key], name="山本", mail=f"it@{name}.test", room_role="answerer", by=by, now=NOW
        )
        policy_id = rows("customers", "Policy").get().pk
        ids[f"{key}.contract"] = customers.add_contract(ids[key], policy_id=policy_id, number="C-1", by=by, now=NOW)
    ids["policy"], ids["calendar"] = policy_id, rows("customers", "Calendar").get().pk


def _endpoints(world: World) -> None:
    given = endpoints.EndpointIn(name="Ours", url="https://ours.example.com/in", events=("incident.declared",))
    made, _secret = endpoints.add("house", "webhook", given, by=MASTER, now=NOW)
    channel, _secret = endpoints.add(
        "organisation", "webhook", endpoints.EndpointIn(url="https://theirs.example.com/in"),
        owner_id=world.ids["organisation"], by=MASTER, now=NOW,
    )  # fmt: skip
    world.ids |= {"endpoint": made.id, "channel": channel.id}


def _signals(world: World) -> None:
    for kind in ("alertmanager", "generic"):
        source, world.keys[kind] = signals.add_source(kind, f"Source {kind}", by=MASTER, now=NOW)
        world.ids[f"source.{kind}"] = source.id
    signal_door.receive("alertmanager", world.keys["alertmanager"], bodies.alertmanager(), NOW)
    signal_door.receive("generic", world.keys["generic"], bodies.generic(), NOW)
    group, other = rows("signals", "Group").order_by("pk")
    world.ids |= {"group": group.pk, "other_group": other.pk}
    for one in rows("signals", "Received").all():
        world.ids[f"received.{'generic' if one.source_id == world.ids['source.generic'] else 'alertmanager'}"] = one.pk
    world.ids["silence"] = signals.add_silence(
        "component = nothing", NOW + timedelta(days=9), "Work", by=world.by("lead"), now=NOW
    )
    world.ids["watch"] = signals.bind_watch(other.pk, 300, by=MASTER, now=NOW)
    nightly = Schedule(86400, "", "UTC", 3600)
    world.ids["heartbeat"], world.keys["heartbeat"] = signals.add_heartbeat(
        Text("夜間", "Nightly"), nightly, by=MASTER, now=NOW
    )
    signal_door.receive("heartbeat", world.keys["heartbeat"], b"done", NOW)
    world.ids["probe"] = signals.add_probe(Text("窓口", "Front"), Setting("tcp", "127.0.0.1:9"), by=MASTER, now=NOW)


def _mail(world: World) -> None:
    """Somebody has written to us: taken at the door and read."""
    source, world.keys["mail"] = signals.add_source("mail", "Source mail", by=MASTER, now=NOW)
    world.ids["source.mail"] = source.id
    pk, _known = inbound.store(letters.letter(), source_id=source.id, via="door", now=NOW)
    world.ids["inbound"] = pk
    job = JobFacts(1, "delivery.read_mail", None, 2, NOW, {"inbound": pk}, 0, 1)
    settling.settle(job, settling.do(job), NOW)


def _incident(world: World, en: str, ja: str, *, restricted: bool) -> Hanging:
    by = world.by("lead")
    made = cases.declare(
        title=Text(ja, en),
        severity="SEV2",
        product_id=world.ids["product"],
        component_ids=[world.ids["component"]],
        words=f"{en} in their words",
        restricted=restricted,
        by=by,
        now=NOW,
    )
    cases.take_role(made.id, "commander", by=by, now=NOW)
    about = f"incident:{made.id}"
    kept = files.add(f"{en}.txt", "text/plain", en.encode(), about=about, by=by, now=NOW)
    cases.note(made.id, f"{en}: a note", file_ids=[kept.id], by=by, now=NOW + MINUTE)
    cases.spoke(
        made.id,
        [world.ids["organisation"]],
        channel="phone",
        with_whom=f"{en} person",
        line=f"{en} line",
        by=by,
        now=NOW + MINUTE,
    )
    told = UpdateInput(
        parts={"effect": Text(f"{ja}。注文の6割が失敗しています。", f"{en}: 60 % of orders fail.")},
        state="investigating",
        audiences=("affected", "internal") if restricted else ("affected", "public", "internal"),
        next_at=NOW + 15 * MINUTE,
    )
    comms.publish(made.id, told, by=by, now=NOW + 2 * MINUTE, confirmed=True)
    draft = comms.save_draft(made.id, {"effect.en": f"{en} draft"}, by=by, now=NOW + 2 * MINUTE)
    case = incidents.cases_of(made.id)[0]
    cases.threat(case.id, f"{en} threat", by=by, now=NOW + 2 * MINUTE)
    over = cases.start_hand_over(made.id, "commander", to_id=world.people["admin"].pk, by=by, now=NOW + 2 * MINUTE)
    cases.describe_hand_over(made.id, over.id, {"mood": f"{en} mood"}, by=by, now=NOW + 2 * MINUTE)
    promise = promises.open_of(made.id)[0]
    queued = list(rows("delivery", "Message").filter(incident_id=made.id).order_by("pk").values_list("pk", flat=True))
    hanging = Hanging(incidents.incident(made.id), case, promise.id, kept.id, draft.id, queued, over.id)
    hanging.interval_id = incidents.components_of(made.id)[0].id
    _claim_and_duty(world, hanging, en)
    _evidence(world, hanging, en)
    _question(world, hanging, en)
    return hanging


def _evidence(world: World, hanging: Hanging, en: str) -> None:
    """A log that was given for the customer, looked into and shared with them."""
    by, at, data = world.by("lead"), hanging.incident.id, f"{en} log\n".encode()
    begun = evidence.begin(at, f"{en}.log", len(data), organisation_id=world.ids["organisation"], by=by, now=NOW)
    taken = store.Receiver()
    taken.write(data)
    came = taken.came()
    uploads.take(begun.key, 0, came, digest=came.digest, now=NOW)
    taken.drop()
    pk = evidence.give(at, begun.key, said={"note": f"{en} evidence"}, by=by, now=NOW + 2 * MINUTE)
    job = JobFacts(1, evidence.LOOK, None, 5, NOW, {"evidence": pk}, 0, 1)
    evidence.settle(job, evidence.look(job), NOW + 2 * MINUTE)
    evidence.share(pk, at, shared=True, by=by, now=NOW + 2 * MINUTE)
    hanging.evidence_id = pk


def _claim_and_duty(world: World, hanging: Hanging, en: str) -> None:
    """What the customer asks, an answer that waits, and what is owed by law, one of it proposed for withdrawal."""
    by, case = world.by("lead"), hanging.case
    claim = claims.write_down(
        case.organisation_id, kind="credit", words=f"{en} claim", heard_at=NOW, due_at=NOW + timedelta(days=3),
        case_id=case.id, contract_id=world.ids["organisation.contract"], amount="70000", currency="JPY", by=by,
        now=NOW + 2 * MINUTE,
    )  # fmt: skip
    words = Text("", f"{en} answer")
    claims.propose(claim.id, outcome="part", words=words, by=by, now=NOW + 2 * MINUTE)
    hanging.claim_key = claim.key
    hanging.deadline_id = cases.add_deadline(
        case.id, NOW + timedelta(hours=5), words=f"{en} deadline", by=by, now=NOW
    ).id
    exposed = Answer("yes", NOW, ("eu", "jp"))
    found = duties.answer(hanging.incident.id, exposed, reason=f"{en} reason", by=by, now=NOW + 2 * MINUTE)
    hanging.duty_id = found[0].id
    duties.ask_withdrawal(found[1].id, reason=f"{en} withdrawal", by=by, now=NOW + 2 * MINUTE)


def _question(world: World, hanging: Hanging, en: str) -> None:
    """What was asked of the customer and answered in part."""
    by, words = world.by("lead"), Text(f"{en} question", f"{en} question")
    made = questions.write(
        hanging.case.id, dict.fromkeys(PARTS, words), due_at=NOW + 30 * MINUTE, next_at=NOW + 60 * MINUTE, by=by,
        now=NOW + 2 * MINUTE,
    )  # fmt: skip
    questions.ask(made.id, by=by, now=NOW + 2 * MINUTE)
    questions.type_answer(
        made.id, f"{en} half", is_whole=False, said_by=f"{en} person", channel="phone", said_at=NOW + 3 * MINUTE, by=by,
        now=NOW + 3 * MINUTE,
    )  # fmt: skip
    hanging.question_key = made.key


def _credit(world: World) -> None:
    """Terms of the contract, and minutes excluded; a rule of our own about personal data."""
    by, given = world.by("lead"), {"organisation_id": world.ids["organisation"]}
    terms = credit_rules.checked(
        monthly_fee="100000", currency="JPY", target="99.9", tiers=[("99.9", "10")], cap="100", zone="Asia/Tokyo"
    )
    contract = world.ids["organisation.contract"]
    credit.add_credit_terms(contract, terms, **given, starts_on=date(2026, 11, 1), seen=0, by=by, now=NOW)
    world.ids["exclusion"] = credit.exclude_minutes(
        contract, **given, month=date(2026, 11, 1), minutes=5, reason="agreed", by=by, now=NOW
    )
    duties.add_rule("sector", kind="authority_notice", name=Text("", "Sector"), source="Act 1", amount=24, unit="hours",
                    by=MASTER, now=NOW)  # fmt: skip


def _maintenance(world: World) -> None:
    """Planned, told to nobody yet."""
    wanted = PlanInput(
        Text("基盤の更新", "Upgrade"), Text("受注が止まります。", "Orders will stop."),
        ((world.ids["component"], "major"),), NOW + timedelta(days=20), NOW + timedelta(days=20, hours=2),
    )  # fmt: skip
    world.ids["maintenance"] = maintenance.plan(wanted, by=world.by("lead"), now=NOW).id


def _tokens(world: World) -> None:
    for name, owner, scopes in (
        ("reads", "lead", ("read",)),
        ("borrowed", "second", ("read", "incident.work", "incident.severity", "update.publish")),
    ):
        made, secret = tokens.make(name, scopes=scopes, expires_at=None, by=world.by(owner), now=NOW)
        world.tokens[name], world.ids[f"token.{name}"] = secret, made.id
    _made, world.tokens["gone"] = _token_of_the_gone(world)


def _token_of_the_gone(world: World) -> tuple[Any, str]:
    """Made while its maker was active; the maker has left since."""
    outsider = world.people["outsider"]
    User.objects.filter(pk=outsider.pk).update(is_active=True, deactivated_at=None)
    made = tokens.make("gone", scopes=("read", "incident.work"), expires_at=None, by=world.by("outsider"), now=NOW)
    User.objects.filter(pk=outsider.pk).update(is_active=False, deactivated_at=NOW)
    return made
