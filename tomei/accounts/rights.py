"""The rights table: which verb each standing may do. The only place where rights are written down.

Rendered as `docs/rights.md` and walked by tests. A role holds what the one before it holds; the administrator's flag
adds verbs of its own and none of a commander's; a token holds its scopes cut by its maker's present rights.
Pure: no Django.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from tomei.kernel.text import Text

ROLES = ("observer", "responder", "commander")
EVERYBODY, ADMINISTRATOR = "everybody", "administrator"
STANDINGS = (EVERYBODY, *ROLES, ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Right:
    """`holders` names the lowest standing that holds the verb, and the administrator where the flag adds it too."""

    verb: str
    holders: tuple[str, ...]
    says: Text
    scope: bool = True  # may be given to an API token


TABLE: tuple[Right, ...] = (
    Right("me.edit", (EVERYBODY,), Text("自分の設定を変える", "Change one's own settings"), scope=False),
    Right(
        "token.own",
        (EVERYBODY,),
        Text("自分のAPIトークンを作る・失効させる", "Make and revoke one's own API tokens"),
        scope=False,
    ),
    Right("read", ("observer",), Text("すべてのページを読む", "Read every page")),
    Right("incident.declare", ("responder",), Text("インシデントを宣言する", "Declare an incident")),
    Right(
        "incident.work",
        ("responder",),
        Text(
            "記録、通話、時刻、状態、案件、ファイル、受領確認",
            "Notes, calls, stamps, state, cases, files, acknowledgements",
        ),
    ),
    Right("update.draft", ("responder",), Text("更新の下書きをする", "Draft an update")),
    Right("update.heartbeat", ("responder",), Text("継続連絡を送る", "Send a heartbeat")),
    Right("role.take", ("responder",), Text("役割に就く・離れる", "Take and leave a role")),
    Right("signal.triage", ("responder",), Text("アラートを見極める", "Triage signals")),
    Right(
        "maintenance.plan", ("responder",), Text("計画メンテナンスを計画する", "Plan maintenance, before it is told")
    ),
    Right(
        "maintenance.run",
        ("responder",),
        Text("計画メンテナンスを開始・報告・完了する", "Begin, report on and complete maintenance"),
    ),
    Right("promise.work", ("responder",), Text("約束に取り組む", "Work on a promise")),
    Right(
        "claim.work",
        ("responder",),
        Text("請求を記録し、回答案を書く", "Write down claims, propose answers, tell them"),
    ),
    Right("question.work", ("responder",), Text("顧客に質問し、回答を活用する", "Ask customers and use their answers")),
    Right(
        "duty.work",
        ("responder",),
        Text(
            "個人情報の漏えいについて答え、法令上の義務の履行を記録する",
            "Answer for personal data, fulfil duties by law",
        ),
    ),
    Right(
        "evidence.original",
        ("commander",),
        Text("証拠の原本を理由を付けて開く", "Open originals of evidence, with a reason"),
    ),
    Right(
        "evidence.release",
        ("commander",),
        Text("検査できなかった証拠の閲覧を許可する・消去を止める", "Release evidence that was not scanned; hold it"),
    ),
    Right("update.publish", ("commander",), Text("更新を公開する", "Publish an update")),
    Right(
        "maintenance.tell",
        ("commander",),
        Text("計画メンテナンスを知らせる・動かす・中止する", "Tell, move and call off maintenance"),
    ),
    Right(
        "template.edit",
        ("commander", ADMINISTRATOR),
        Text("更新の定型文を編集する", "Edit the templates of updates"),
    ),
    Right("incident.severity", ("commander",), Text("重大度を変える", "Change the severity")),
    Right("incident.role", ("commander",), Text("ほかの人の役割を決める", "Give and take the roles of others")),
    Right("incident.overrule", ("commander",), Text("ルールの判断を覆す", "Overrule a rule")),
    Right("incident.restrict", ("commander",), Text("閲覧を制限する", "Restrict who may read")),
    Right("promise.withdraw", ("commander",), Text("約束を取り下げる", "Withdraw a promise")),
    Right(
        "claim.amounts",
        ("commander", ADMINISTRATOR),
        Text("請求とSLAクレジットの金額を見る", "See amounts of claims and SLA credits"),
    ),
    Right(
        "claim.approve",
        ("commander", ADMINISTRATOR),
        Text("他の人が書いた請求への回答を承認する", "Approve answers to claims that others wrote"),
    ),
    Right(
        "duty.withdraw",
        ("commander",),
        Text("法令上の義務を取り下げる(2名で)", "Withdraw a duty by law, two people together"),
    ),
    Right(
        "customer.edit",
        ("commander", ADMINISTRATOR),
        Text("顧客・契約・製品を編集する", "Edit customers, contracts and products"),
    ),
    Right(
        "playbook.edit",
        ("commander", ADMINISTRATOR),
        Text("役割ごとの手順書と権限カードを編集する", "Edit the checklists of roles and authority cards"),
    ),
    Right("house.configure", (ADMINISTRATOR,), Text("Tomei を設定する", "Configure the house")),
    Right(
        "delivery.release", (ADMINISTRATOR,), Text("保留中の送信を解除・破棄する", "Release or drop what is held back")
    ),
    Right("audit.read", (ADMINISTRATOR,), Text("監査記録を読む", "Read the audit log")),
    Right("people.edit", (ADMINISTRATOR,), Text("メンバーとチームを編集する", "Invite and edit people and teams")),
    Right(
        "token.any",
        (ADMINISTRATOR,),
        Text("全員のAPIトークンを閲覧・失効させる", "See and revoke everybody's API tokens"),
    ),
    Right("restricted.read", (ADMINISTRATOR,), Text("制限されたインシデントを読む", "Read restricted incidents")),
)

# What a contact of a customer may do in the room; each role holds what the one before it holds.
ROOM_ROLES = ("reader", "answerer", "commander")
ROOM_TABLE: tuple[Right, ...] = (
    Right("room.read", ("reader",), Text("自社のルームを読む", "Read their own organisation's room"), scope=False),
    Right("room.declare", ("reader",), Text("障害を申告する", "Declare that their business stands still"), scope=False),
    Right("room.answer", ("answerer",), Text("お願いに答える", "Answer what is asked of them"), scope=False),
    Right("room.command", ("commander",), Text("顧客側の責任者として決める", "Decide for their side"), scope=False),
)

VERBS = frozenset(right.verb for right in TABLE)
SCOPES = tuple(right.verb for right in TABLE if right.scope)


def holds(right: Right, standing: str) -> bool:
    """Whether somebody of `standing` holds `right`; roles hold what the roles below them hold."""
    if EVERYBODY in right.holders or standing in right.holders:
        return True
    if standing not in ROLES:
        return False
    lower = ROLES[: ROLES.index(standing)]
    return any(holder in lower for holder in right.holders)


def of(role: str, *, is_administrator: bool) -> frozenset[str]:
    """Every verb of a person with this role and flag; an unknown role holds only what everybody holds."""
    standings = [role if role in ROLES else EVERYBODY]
    if is_administrator:
        standings.append(ADMINISTRATOR)
    return frozenset(right.verb for right in TABLE if any(holds(right, standing) for standing in standings))


def of_contact(role: str) -> frozenset[str]:
    """Every verb of a contact with this role in the room; an unknown role holds none."""
    reach = ROOM_ROLES[: ROOM_ROLES.index(role) + 1] if role in ROOM_ROLES else ()
    return frozenset(right.verb for right in ROOM_TABLE if right.holders[0] in reach)


def grantable(verbs: Iterable[str]) -> tuple[str, ...]:
    """The scopes that a maker with `verbs` may give to a token, in the order of the table."""
    held = set(verbs)
    return tuple(scope for scope in SCOPES if scope in held)


def cut(scopes: Iterable[str], makers: Iterable[str]) -> frozenset[str]:
    """What a token may do now: its scopes, as far as its maker still holds them; never a page-only verb."""
    return frozenset(scopes) & frozenset(makers) & frozenset(SCOPES)


def as_markdown() -> str:
    """`docs/rights.md`, whole; a test compares the file with this."""
    heads = ("observer", "responder", "commander", ADMINISTRATOR)
    lines = [
        "# Who may do what",
        "",
        "Made from `tomei/accounts/rights.py`; `python -m tomei.accounts.rights` prints it anew. A person has one",
        "role and may be an administrator beside it, which gives none of a commander's verbs. An API token holds its",
        "scopes, cut by what its maker may do at that moment. A deactivated person holds nothing. Contacts of",
        "customers have no account here: what they may do in their room stands in the second table.",
        "",
        "| verb | what | できること | " + " | ".join(heads) + " | token |",
        "| --- | --- | --- |" + " :-: |" * (len(heads) + 1),
    ]
    for right in TABLE:
        marks = ["●" if holds(right, head) else "" for head in heads]
        cells = [f"`{right.verb}`", right.says.en, right.says.ja, *marks, "●" if right.scope else ""]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "## In the customer room", "", "| verb | what | できること | " + " | ".join(ROOM_ROLES) + " |"]
    lines.append("| --- | --- | --- |" + " :-: |" * len(ROOM_ROLES))
    for right in ROOM_TABLE:
        marks = ["●" if right.verb in of_contact(role) else "" for role in ROOM_ROLES]
        lines.append("| " + " | ".join([f"`{right.verb}`", right.says.en, right.says.ja, *marks]) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
