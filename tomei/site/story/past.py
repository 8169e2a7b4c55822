"""What happened before the newcomer came: a month whose ledger is not perfect, one long incident, one report due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from tomei.cases import actions as cases
from tomei.cases import queries
from tomei.cases.waiting import actions as balls
from tomei.comms.rules import Cadence
from tomei.kernel.text import Text
from tomei.kernel.time import zone
from tomei.site.story.cast import COMPONENTS, Cast
from tomei.site.story.script import Incident

TOKYO = zone("Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class Brief:
    """A short incident of the past. `late` delays the update with this number by so many minutes."""

    days_ago: int
    hour: int
    severity: str
    ja: str
    en: str
    product: str
    slugs: tuple[str, ...]
    minutes: int
    step: int
    cause: tuple[str, str]
    late: dict[int, float]
    report_late: bool = False


BRIEFS = (
    Brief(29, 10, "SEV2", "受注の登録に時間がかかる", "Registering orders is slow", "erp", ("orders",), 70, 25,
          ("索引の再構築が日中に走っていたため", "an index was rebuilt during the day"), {}),
    Brief(26, 15, "SEV3", "API の応答が一部で遅い", "Some API answers are slow", "common", ("api",), 150, 100,
          ("接続数の上限に近づいていたため", "connections came close to their limit"), {}),
    Brief(23, 9, "SEV1b", "サインインできない", "Nobody can sign in", "common", ("sign-in",), 44, 16,
          ("証明書の更新が1台に届いていなかったため", "a renewed certificate had not reached one server"), {2: 6.0}),
    Brief(19, 2, "SEV2", "EDI の受信が止まる", "EDI receiving stops", "edi", ("exchange",), 80, 26,
          ("受信の順番待ちが詰まったため", "the receiving queue was blocked"), {1: 3.5}, True),
    Brief(15, 13, "SEV3", "在庫照会が古い値を返す", "Stock shows old values", "erp", ("stock",), 180, 110,
          ("複製の遅れを見張っていなかったため", "nobody watched the lag of the replica"), {}),
    Brief(11, 11, "SEV2", "会計の締め処理が終わらない", "Closing the accounts does not finish", "erp", ("accounting",), 95, 27,
          ("想定を超える件数で時間切れになったため", "more entries than expected ran into the time limit"), {}),
    Brief(8, 16, "SEV1b", "出荷確定が二重に登録される", "Shipments are confirmed twice", "erp", ("orders",), 66, 18,
          ("再送の重複を見分けていなかったため", "a repeated request was not recognised"), {3: 2.0}),
    Brief(5, 4, "SEV3", "API の一部で認証に失敗する", "Some API calls fail to authenticate", "common", ("api",), 120, 100,
          ("時刻のずれが許容を超えたため", "a clock had drifted too far"), {}),
)  # fmt: skip


def brief(cast: Cast, told: Brief, now: datetime) -> Incident:
    """One short incident, from the alert to closing."""
    day = (now.astimezone(TOKYO) - timedelta(days=told.days_ago)).date()
    start = datetime.combine(day, time(told.hour, 7), TOKYO)
    one = Incident(cast, start, told.severity, Text(told.ja, told.en), told.product, told.slugs).declared()
    names = [COMPONENTS[slug][1:3] for slug in told.slugs]
    scope = (f"対象は「{'」「'.join(ja for ja, _ in names)}」をお使いのお客様です。",
             f"It concerns everybody who uses: {', '.join(en for _, en in names)}.")  # fmt: skip
    one.tells(3, "investigating", f"{told.ja}状態が続いています。当社の障害です。原因を調べています。",
              f"{told.en}. This is a failure of our service. We are finding the cause.", next_in=told.step,
              scope=None if told.late else scope)  # fmt: skip
    at, number = 3.0, 1
    while at + told.step < told.minutes:
        at += told.step - 1.5 + told.late.get(number, 0) + (1.5 if number in told.late else 0)
        state = "investigating" if number == 1 else "mitigating"
        one.tells(
            at, state, f"影響の範囲は変わっていません（第{number + 1}報）。{told.cause[0][:-2]}とみて確かめています。",
            f"The effect is unchanged (update {number + 1}). We are checking whether {told.cause[1]}.", next_in=told.step,
        )  # fmt: skip
        number += 1
    end = min(told.minutes, at + told.step - 1)
    one.tells(end, "restored", f"{told.cause[0]}と分かり、直しました。処理は平常に戻っています。",
              f"It was because {told.cause[1]}; this is mended and work is back to normal.",
              proof="直近10分間の失敗は0件 / no failure in the last ten minutes")  # fmt: skip
    one.does(end + 90, lambda pk, at: _resume(cast, pk, at))
    report_after = (4 if not told.report_late else 9) * 1440
    one.does(report_after, lambda pk, at: cases.stamp(pk, "report_sent", at=at, by=cast.actors["saeki"], now=at))
    one.does(report_after + 60, lambda pk, at: _close(cast, pk, at))
    return one


def _resume(cast: Cast, incident_id: int, now: datetime) -> None:
    for case in queries.cases_of(incident_id):
        cases.acknowledge_case(case.id, by=cast.actors["kobayashi"], now=now)
        cases.resume_case(case.id, line="業務の再開を電話で確認", by=cast.actors["kobayashi"], now=now)


def _close(cast: Cast, incident_id: int, now: datetime) -> None:
    for case in queries.cases_of(incident_id):
        cases.close_case(case.id, line="顧客が了承", by=cast.actors["kobayashi"], now=now)
    cases.close(incident_id, by=cast.actors["saeki"], now=now)


def long_one(cast: Cast, now: datetime) -> Incident:
    """In its third week: four parties, a path through a VPN, a slower cadence that the customer agreed to."""
    start = now - timedelta(days=17, hours=3)
    title = Text("夜間の受発注データ連携が途中で切れる", "The nightly order exchange breaks off")
    one = Incident(
        cast, start, "SEV1b", title, "edi", ("exchange",), ("aoba",), lead="hasegawa", detected_by="customer"
    ).declared()
    one.role(30, "sponsor", "watanabe")
    one.does(2, lambda pk, at: [cases.acknowledge_case(case.id, by=cast.actors["kobayashi"], now=at)
                                for case in queries.cases_of(pk)])  # fmt: skip
    one.tells(4, "investigating", "夜間の受発注データが途中で切れ、翌朝の発注に間に合っていません。当社が窓口となって調べます。",
              "The nightly order data break off, too late for the morning's orders. We lead the search.",
              next_in=19, to=("affected",))  # fmt: skip
    one.tells(22, "investigating", "手動での再送は通ります。回避策として毎朝5時に当社が再送します。",
              "Sending again by hand works. As a workaround we send again at 05:00 every morning.",
              next_in=20, to=("affected",))  # fmt: skip
    one.calls(34, "kobayashi", "aoba", "森下 光一", "手動再送で業務は続けられる。毎日1回の報告でよいとのこと。")
    one.tells(40, "investigating", "手動再送で業務が続けられるため、報告を1日1回にすることを森下様に了承いただきました。",
              "Work goes on by sending again by hand; Mr Morishita agreed to one report a day.",
              next_in=19, to=("affected",), cadence=Cadence(86400, "森下 光一"))  # fmt: skip
    first = (now.astimezone(TOKYO) - timedelta(days=16)).replace(hour=8, minute=0, second=0, microsecond=0)
    one.tells(58, "investigating", "毎晩の記録を取り始めました。", "We now record every night.",
              next_in=(first - start).total_seconds() / 60 - 58 + 30, to=("affected",))  # fmt: skip
    days = (
        ("回線のこちら側では切断が見えません。VPN 装置の記録を求めています。", "No break is seen on our side of the line. We asked for the VPN device's records."),
        ("VPN 装置の記録が届き、読んでいます。", "The VPN device's records arrived; we are reading them."),
        ("切断は必ず送信開始から23分後です。原因の候補を3つに絞りました。", "The break always comes 23 minutes in. Three possible causes remain."),
        ("当社の送信側で待ち時間を変えて試しました。結果は変わりません。", "We changed the waiting time on our side. The result is the same."),
    )  # fmt: skip
    number = 0
    while True:
        at = first + timedelta(days=number, minutes=-2 * number)  # each a little before the time it promised
        if at >= now - timedelta(hours=2):
            break
        words = days[number % len(days)]
        late = 25 if number == 6 else 0
        one.tells((at - start).total_seconds() / 60 + late, "investigating", f"{number + 2}日目。{words[0]}",
                  f"Day {number + 2}. {words[1]}", next_in=1440 - 2 * bool(late) - late, to=("affected",))  # fmt: skip
        number += 1
    for day, party, reason in (
        (1, "customer", "answer"), (3, "us", "diagnosing"), (6, "customer", "test"), (8, "us", "checking"),
    ):  # fmt: skip
        one.does(60 * 24 * day, partial(_ball, cast, party, reason))
    one.does(60 * 24 * 15, lambda pk, at: _vendor(cast, pk, now, at))
    return one


def _ball(cast: Cast, party: str, reason: str, incident_id: int, at: datetime) -> None:
    """Whose turn it is: the time of this incident went back and forth between us and the customer."""
    theirs = cast.customers["aoba"] if party == "customer" else None
    balls.move(incident_id=incident_id, party=party, organisation_id=theirs, reason=reason,
               by=cast.actors["hasegawa"], now=at)  # fmt: skip


def _vendor(cast: Cast, incident_id: int, now: datetime, at: datetime) -> None:
    """A ticket at the network vendor with a promise that it owes us."""
    cases.note(incident_id, "共立ネットワークスにチケット SR-884213 を起票。VPN 装置の切断理由の回答を求めた。",
               by=cast.actors["hasegawa"], now=at)  # fmt: skip
    due = (now.astimezone(TOKYO) + timedelta(days=1)).replace(hour=17, minute=0, second=0, microsecond=0)
    promised = cases.promise(
        incident_id=incident_id, whose="theirs", organisation_id=cast.vendor, due_at=due, now=at,
        what=Text("共立ネットワークスの回答（SR-884213）", "Answer of Kyoritsu Networks (SR-884213)"),
        by=cast.actors["hasegawa"],
    )  # fmt: skip
    balls.move(incident_id=incident_id, party="vendor", organisation_id=cast.vendor, reason="answer",
               promise_id=promised, by=cast.actors["hasegawa"], now=at)  # fmt: skip


def restored_one(cast: Cast, now: datetime) -> Incident:
    """Restored yesterday: the report is promised, one customer has not yet said that its business runs."""
    start = now - timedelta(hours=26)
    title = Text("EDI 請求書の送信が遅れる", "EDI invoices are sent late")
    one = Incident(cast, start, "SEV2", title, "edi", ("exchange",), ("halden", "misaki"), lead="hasegawa").declared()
    one.tells(9, "investigating", "EDI の請求書がおよそ40分遅れて届いています。当社の障害です。原因を調べています。",
              "EDI invoices arrive about 40 minutes late. This is a failure of our service. We are finding the cause.",
              next_in=30)  # fmt: skip
    one.calls(
        16, "fujita", "halden", "Jonas Keller", "They can wait until 14:00 Berlin time; month-end closing is tomorrow."
    )
    one.tells(37, "identified", "送信の順番待ちに壊れた1件が残り、後続を止めていました。取り除いています。",
              "One broken document held up the queue. We are taking it out.", next_in=29)  # fmt: skip
    one.tells(64, "restored", "壊れた1件を取り除き、遅れていた請求書はすべて送信済みです。",
              "The broken document is out and every delayed invoice has been sent.",
              proof="待ち行列 0 件、直近 200 件の遅延 1 分未満 / queue empty, last 200 sent within a minute")  # fmt: skip
    one.does(120, lambda pk, at: _first_resumes(cast, pk, at))
    return one


def _first_resumes(cast: Cast, incident_id: int, now: datetime) -> None:
    case = queries.cases_of(incident_id)[0]
    cases.resume_case(case.id, line="メールで確認", by=cast.actors["fujita"], now=now)


def everything(cast: Cast, now: datetime) -> list[Incident]:
    return [*(brief(cast, told, now) for told in BRIEFS), long_one(cast, now), restored_one(cast, now)]
