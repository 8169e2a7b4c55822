"""Planned work of the story: one maintenance done last week as it was told, one that is to come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tomei.comms.maintenance import actions
from tomei.comms.maintenance.facts import PlanInput
from tomei.kernel.text import Text
from tomei.site.story.cast import Cast
from tomei.site.story.script import Line

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
_TOKYO = ZoneInfo("Asia/Tokyo")


@dataclass(slots=True)
class Work:
    """One maintenance of the script; `id` is known once it is planned."""

    cast: Cast
    start: datetime
    title: Text
    text: Text
    slugs: tuple[tuple[str, str], ...]
    id: int = 0
    lines: list[Line] = field(default_factory=list)

    def at(self, moment: datetime, act: Callable[[datetime], object]) -> None:
        self.lines.append(Line(moment, act))

    def told(self, moment: datetime, *, itself: bool = False) -> Work:
        """Planned by the platform's lead, told an hour later by a commander."""
        parts = tuple((self.cast.components[slug], impact) for slug, impact in self.slugs)

        def plan(now: datetime) -> None:
            wanted = PlanInput(
                self.title, self.text, parts, self.start, self.start + 2 * HOUR, starts_itself=itself, silence=True
            )
            self.id = actions.plan(wanted, by=self.cast.actors["okada"], now=now).id

        self.at(moment - HOUR, plan)
        self.at(moment, lambda now: actions.tell(self.id, by=self.cast.actors["saeki"], now=now))
        return self

    def ran(self) -> Work:
        """Begun on the minute, told of half way, done before its end."""
        by = self.cast.actors["okada"]
        half = Text("データベース3台のうち2台の更新が終わりました。3台目に進みます。",
                    "Two of the three database servers are done. We go on with the third.")  # fmt: skip
        check = Text("3台とも新しい版で動いています。受注と在庫の画面を確かめています。",
                     "All three run the new version. We are checking the screens of orders and stock.")  # fmt: skip
        done = Text(
            "予定どおり終わりました。受注・在庫ともに使えます。", "Finished as planned. Orders and stock can be used."
        )
        start = self.start
        self.at(start, lambda now: actions.start(self.id, next_at=now + HOUR, by=by, now=now))
        self.at(start + 50 * MINUTE,
                lambda now: actions.update(self.id, half, next_at=now + 50 * MINUTE, by=by, now=now))  # fmt: skip
        self.at(start + 85 * MINUTE, lambda now: actions.update(
            self.id, check, next_at=now + 30 * MINUTE, verifying=True, by=by, now=now))  # fmt: skip
        self.at(start + 104 * MINUTE, lambda now: actions.complete(self.id, done, by=by, now=now))
        return self


def evening(now: datetime, days: int) -> datetime:
    """Ten in the evening in Tokyo, so many days from today."""
    return now.astimezone(_TOKYO).replace(hour=22, minute=0, second=0, microsecond=0) + timedelta(days=days)


def everything(cast: Cast, now: datetime) -> list[Work]:
    past = Work(
        cast, evening(now, -7), Text("データベースの更新", "Database upgrade"),
        Text("データベースを新しい版にします。この間、受注・出荷と在庫の画面は使えません。EDI は動いています。",
             "We move the databases to a new version. Orders, shipping and stock cannot be used meanwhile. EDI works."),
        (("orders", "major"), ("stock", "major")),
    )  # fmt: skip
    coming = Work(
        cast, evening(now, 14), Text("EDI 通信機器の交換", "EDI network equipment replaced"),
        Text("通信機器を交換します。送受信が数分間、2回に分けて止まります。止まった間の文書は、終わり次第すべて送ります。",
             "We replace network equipment. Sending and receiving stop twice for a few minutes. What was held back is sent"
             " once we are done."),
        (("exchange", "partial"),),
    )  # fmt: skip
    return [past.told(evening(now, -21) - 8 * HOUR).ran(), coming.told(now - 26 * HOUR, itself=True)]
