"""What the running incident asks of customers: one answer already used, one still waited for."""

from __future__ import annotations

from datetime import timedelta

from tomei.cases import queries
from tomei.diagnosis import actions as questions
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.site.story.cast import Cast

_LOG = {
    "what": Text("13時50分から14時10分までの、連携サーバーの送信ログ",
                 "The send log of your interface server from 13:50 to 14:10"),
    "why": Text("最初に失敗した時刻を分単位で知るためです。", "To know to the minute when the first one failed."),
    "use": Text("当社の変更作業の時刻と照合します。", "We lay it beside the times of our own changes."),
    "following": Text("照合の結果と、次に試すことをお伝えします。",
                      "We tell you what the comparison showed and what we try next."),
}  # fmt: skip
_COUNT = {
    "what": Text("15時30分の便に間に合わせる必要がある出荷の件数",
                 "How many shipments must make the truck at 15:30"),
    "why": Text("手作業で先に通す順番を決めるためです。", "To decide which ones we pass by hand first."),
    "use": Text("件数の多い拠点から順に、当社で出荷確定を代行します。",
                "We confirm shipments for you, the site with most of them first."),
    "following": Text("代行を始める時刻と順番をお伝えします。", "We tell you when we begin and in which order."),
}  # fmt: skip
_USED = Text(
    "いただいたログから、最初の失敗は14時02分、当社の定時処理の差し替え直後と分かりました。そのため、この処理の切り戻しを始めています。",
    "Your log showed the first failure at 14:02, just after we replaced a scheduled job. Therefore we are rolling that job back.",
)


def ask(incident_id: int, cast: Cast) -> None:
    """Two questions to Towa: the log came by telephone and led to the roll-back, the number is still with them."""
    by, towa, now = cast.actors["hasegawa"], cast.customers["towa"], time.now()
    case = next(one for one in queries.cases_of(incident_id) if one.organisation_id == towa)
    minute = now.replace(second=0, microsecond=0)
    for parts, due, told in ((_LOG, 20, 40), (_COUNT, 15, 30)):
        made = questions.write(
            case.id, parts, due_at=minute + timedelta(minutes=due), next_at=minute + timedelta(minutes=told), by=by,
            now=now,
        )  # fmt: skip
        questions.ask(made.id, by=by, now=now)
        if parts is _LOG:
            questions.type_answer(
                made.id, "14:01:58 まで成功、14:02:07 から全件タイムアウト。再送も失敗。", said_by="山本 誠",
                channel="phone", said_at=now, by=by, now=now,
            )  # fmt: skip
            questions.use(made.id, outcome=_USED, by=by, now=now)
