"""The living part: history is played, then the demo posts an alert to its own door and speaks once; time does the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import httpx

from tomei import wiring
from tomei.cases import actions as cases
from tomei.cases import queries
from tomei.cases.playbooks import actions as playbooks
from tomei.cases.queries import hand_overs
from tomei.clock.engine import Engine
from tomei.comms import actions as comms
from tomei.comms import offering
from tomei.comms.facts import UpdateInput
from tomei.kernel import time
from tomei.kernel.text import LANGUAGES, Text
from tomei.signals import actions as signals
from tomei.site.story import calling, claimed, minded, past, planned, wanting
from tomei.site.story.cast import Cast, gather
from tomei.site.story.script import ON_CALL, play
from tomei.site.story.telling import Heard, Telling

NEXT_IN = timedelta(minutes=4)


def begin(base: str, now: datetime, engine: Engine, folder: Path) -> Telling:
    """The story, not yet begun: the past when it is started, and once the server answers the alert."""
    known: list[tuple[str, Cast]] = []

    def play_past(heard: Heard) -> None:
        month_ago = now - timedelta(days=30)
        cast = gather(month_ago)
        play(
            [*past.everything(cast, now), *planned.everything(cast, now), *claimed.everything(cast, now)],
            wiring.engine(),
            now,
            heard,
        )
        _, key = signals.add_source(
            kind="alertmanager", name="Alertmanager（本番）", component_id=cast.components["orders"],
            by=cast.actors["saeki"], now=month_ago,
        )  # fmt: skip
        minded.mind(cast, now)
        calling.call(cast, now)
        known.append((f"{base}/in/alertmanager/{key}", cast))

    return Telling(play_past, lambda: _live(*known[0]), engine=engine, folder=folder)


def tell(base: str) -> None:
    """Where it is, and five lines: what to click."""
    print(  # noqa: T201 - the demo speaks to the person who started it
        f"Tomei is at {base}\n"
        f"1. Open {base}/demo/enter/ and press the first button: you are Misaki Saeki, commander, and administrator; the second shows a customer's room.\n"
        "2. Now board: a SEV1a that began from a real alert a moment ago. Its next update falls due in about 4 minutes.\n"
        "3. Open it and press “Write update” - or wait, and watch the promise be warned, missed and escalated.\n"
        f"4. {base}/demo/mailbox/ shows every mail that left; {base}/status/ is what the public sees; /promises/ the ledger.\n"
        "5. Signals → Sources → Alertmanager has the curl line that sends the next alert. 日本語: 画面右上のメニュー",
        flush=True,
    )


def alert(now: datetime, name: str = "ShipmentConfirmationFailing") -> dict[str, object]:
    """A webhook as Prometheus Alertmanager posts it (version 4)."""
    labels = {"alertname": name, "severity": "critical", "component": "orders", "cluster": "east-2"}
    annotations = {
        "summary": "Shipment confirmation fails; shipping stands still",
        "summary_ja": "出荷確定がほぼすべて失敗し、出荷できない",
        "description": "97 % of shipment confirmations fail on East 2.",
    }
    return {
        "version": "4", "groupKey": f'{{}}:{{alertname="{name}"}}', "truncatedAlerts": 0, "status": "firing",
        "receiver": "tomei", "groupLabels": {"alertname": name}, "commonLabels": labels, "commonAnnotations": annotations,
        "externalURL": "http://alertmanager.asagiri.example:9093",
        "alerts": [{
            "status": "firing", "labels": labels, "annotations": annotations,
            "startsAt": (now - timedelta(minutes=2)).isoformat(), "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.asagiri.example:9090/graph", "fingerprint": "9f3ac17700c4b2e1",
        }],
    }  # fmt: skip


def _live(address: str, cast: Cast) -> None:
    """Post the alert to our own door, then act as the people on duty would in the first minutes."""
    httpx.post(address, json=alert(time.now()), timeout=30).raise_for_status()
    _first_minutes(cast)


def _first_minutes(cast: Cast) -> None:
    """The commander takes it, communications speaks first: the next update is promised in four minutes."""
    misaki, naoki = cast.actors["saeki"], cast.actors["takahashi"]
    incident = next(one for one in queries.open_incidents(misaki) if one.severity == "SEV1a")
    cases.take_role(incident.id, "commander", reason=ON_CALL, by=misaki, now=time.now())
    cases.take_role(incident.id, "communications", reason=ON_CALL, by=naoki, now=time.now())
    now = time.now()
    told = UpdateInput(
        parts={
            "effect": Text(
                "出荷確定がほぼすべて失敗し、出荷の登録ができません。当社の障害です。全力で対応しています。",
                "Almost every shipment confirmation fails and shipments cannot be registered. "
                "This is a failure of our service, and we are on it.",
            ),
            "known": Text("原因はまだ分かっていません。", "We do not know the cause yet."),
        },
        state="investigating",
        audiences=("affected", "public"),
        next_at=(now + NEXT_IN).replace(second=0, microsecond=0) + timedelta(minutes=1),
    )
    _approved(incident.id, told, cast)
    comms.publish(incident.id, told, by=naoki, now=now, confirmed=True)
    towa = cast.customers["towa"]
    cases.spoke(
        incident.id, [towa], channel="phone", with_whom="山本 誠", by=cast.actors["kobayashi"], now=time.now(),
        line="15時30分の最終便に間に合わせたい。CSV での出荷を案内した。",
    )  # fmt: skip
    cases.note(incident.id, "昨夜の CHG-5512（East 2 のみ、定時処理の差し替え）を疑う。East 1 では起きていない。",
               kind="fact", by=cast.actors["okada"], now=time.now())  # fmt: skip
    _hand_over(incident.id, cast)
    _stakes(incident.id, cast)
    _work(incident.id, cast)
    _waiting(incident.id, cast)
    wanting.ask(incident.id, cast)


def _work(incident_id: int, cast: Cast) -> None:
    """Half of the commander's checklist is done; people were added, and nobody knows yet what came of it."""
    misaki = cast.actors["saeki"]
    for step in range(1, 5):
        playbooks.mark_step(incident_id, "commander", step, by=misaki, now=time.now())
    playbooks.mark_step(
        incident_id, "commander", 5, "skipped", reason="動いている変更はない", by=misaki, now=time.now()
    )
    cases.take_measure(
        incident_id, "people", "基盤チームから2人を追加", expected="定時処理の切り戻しを15分以内に", by=misaki,
        now=time.now(),
    )  # fmt: skip
    vendor = cases.take_measure(
        incident_id, "vendor", "基盤ベンダーの当番に、定時処理の停止を依頼", expected="新しい失敗が増えない", by=misaki,
        now=time.now(),
    )  # fmt: skip
    cases.judge_measure(
        incident_id, vendor.seq, "helped", "停止から2分で失敗の増加が止まった。復旧はまだ。", by=misaki, now=time.now()
    )
    cases.join(incident_id, "EDI 側のログを見られます", by=cast.actors["hasegawa"], now=time.now())


def _stakes(incident_id: int, cast: Cast) -> None:
    """The truck leaves at a fixed time, and hundreds of hands write by hand until then."""
    liaison, now = cast.actors["kobayashi"], time.now()
    case = next(one for one in queries.cases_of(incident_id) if one.organisation_id == cast.customers["towa"])
    at = (now + timedelta(minutes=95)).replace(second=0, microsecond=0)
    cases.add_deadline(
        case.id, at, kind="batch", words="最終便の出発。これを過ぎると出荷は翌日", loss="翌朝の納品と、3工場の生産開始",
        by=liaison, now=now,
    )  # fmt: skip
    cases.set_workaround(
        case.id, words="伝票を手書きし、電話で倉庫に伝える", per_hour="360000", currency="JPY", people=48,
        basis="東和精機 山本様の試算(臨時の48人、残業単価)", since_at=now - timedelta(minutes=2), seen=0, by=liaison, now=now,
    )  # fmt: skip


def _approved(incident_id: int, told: UpdateInput, cast: Cast) -> None:
    """A responder wrote the first notice, the commander approved it word for word."""
    words = {f"{name}.{one}": getattr(text, one) for name, text in told.parts.items() for one in LANGUAGES}
    data = {**words, "to": list(told.audiences), "state": told.state}
    draft = comms.save_draft(incident_id, data, by=cast.actors["ono"], now=time.now())
    comms.approve(incident_id, draft.id, seen=draft.version, zone="Asia/Tokyo", by=cast.actors["saeki"], now=time.now())
    comms.drop_draft(incident_id, by=cast.actors["ono"], now=time.now())


def _waiting(incident_id: int, cast: Cast) -> None:
    """The next update, begun with a template, waits for the commander's approval while its promise runs."""
    author, now = cast.actors["fujita"], time.now()
    template = offering.one("scope")
    words = offering.begun(template, queries.incident(incident_id), now)
    data = {f"{name}.{one}": getattr(text, one) for name, text in words.items() for one in LANGUAGES}
    comms.save_draft(
        incident_id, {**data, "to": ["affected", "public"], "state": "investigating", "template": template.ref},
        by=author, now=now,
    )  # fmt: skip
    asked = comms.ask_review(incident_id, of=cast.actors["saeki"].user_id, by=author, now=now)
    comms.comment(
        incident_id, asked.id, "East 1 のお客様は使えると書き添えたい。", part="scope", language="ja",
        by=cast.actors["okada"], now=now,
    )  # fmt: skip


def _hand_over(incident_id: int, cast: Cast) -> None:
    """The liaison must leave for the train: the role changes hands in so many words."""
    giver, taker = cast.actors["kobayashi"], cast.actors["hasegawa"]
    cases.take_role(incident_id, "liaison", reason=ON_CALL, by=giver, now=time.now())
    over = cases.start_hand_over(incident_id, "liaison", to_id=taker.user_id, by=giver, now=time.now())
    words = {
        "changes": "顧客に頼んだ変更はなし。CSV での出荷は各社の判断。",
        "mood": "東和精機：落ち着いているが、15時30分の便を心配。ほかの2社からはまだ連絡なし。",
        "hypotheses": "CHG-5512 の定時処理が疑わしい。East 1 では起きていない。",
    }
    cases.describe_hand_over(incident_id, over.id, words, by=giver, now=time.now())
    cases.ask_hand_over(incident_id, over.id, "東和精機への次の電話は何時ですか。", by=taker, now=time.now())
    [(question, _answers)] = hand_overs.words_of(over).questions
    cases.answer_hand_over(
        incident_id, over.id, "次の更新の直後に約束しています。", of=question.seq, by=giver, now=time.now()
    )
    cases.accept_hand_over(incident_id, over.id, reason=ON_CALL, by=taker, now=time.now())
