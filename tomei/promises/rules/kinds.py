"""The table of kinds: data, one row per kind. To add a kind, add a row; no code asks for a kind by name elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from tomei.kernel.errors import Refused
from tomei.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """`role` owns it where no person does. `told`: its time is named to whom it is owed.

    `rank`: the most urgent severity rank it climbs with (a report never pages every two minutes).
    `reaches`: keeping it sends something, so it must reach somebody within five minutes.
    `outlives`: closing does not settle it. `at_once`: warns at once and at half time.
    `missed`: what missing it does beside being counted: `record` nothing, `nothing_told` raises
    "harm seen, nothing told", `next_tier` calls the next tier. `target`: the share that should be kept.
    """

    code: str
    words: Text
    role: str
    told: bool = False
    rank: int = 0
    reaches: bool = False
    outlives: bool = False
    at_once: bool = False
    missed: str = "record"
    target: float = 0.95
    theirs: bool = False  # somebody else owes it to us
    by_hand: bool = False  # no verb of ours keeps it: a person says that it was done
    before: tuple[int, ...] = ()  # warns at half time and so many minutes before, instead
    guarded: bool = False  # only the verbs of what made it end it: no closing, no hand on the ledger


_ROWS = (
    Kind("triage", Text("トリアージ", "Triage"), "", missed="nothing_told"),
    Kind(
        "first_notice", Text("第一報", "First notice"), "communications",
        reaches=True, at_once=True, missed="nothing_told",
    ),
    Kind("scope_notice", Text("影響範囲の連絡", "Scope notice"), "communications", reaches=True),
    Kind("acknowledgement", Text("受領確認", "Acknowledgement"), "commander"),
    Kind(
        "next_update", Text("次回報告", "Next update"), "communications",
        told=True, reaches=True, missed="nothing_told",
    ),
    Kind("translation", Text("翻訳", "Translation"), "communications", told=True, reaches=True, target=0.90),
    Kind("role_filled", Text("役割の着任", "Role filled"), "commander", target=0.90),
    Kind("hand_over", Text("担当の引き継ぎ", "Hand-over after long duty"), "", target=0.90),
    Kind("top_tier", Text("最上位担当の参加", "Top tier joined"), "top_tier", missed="next_tier"),
    Kind("maintenance_notice", Text("メンテナンスの事前連絡", "Maintenance told ahead"), "", rank=3),
    Kind("maintenance_start", Text("メンテナンスの開始", "Maintenance starts"), "", told=True, rank=3),
    Kind("maintenance_end", Text("メンテナンスの終了", "Maintenance ends"), "", told=True, rank=3),
    Kind("report", Text("原因・是正措置報告書", "Report"), "commander", told=True, rank=3, outlives=True),
    Kind("silence", Text("無連絡の上限", "Word to the customer"), "liaison", missed="nothing_told"),
    Kind(
        "vendor", Text("ベンダーの回答", "Answer from a vendor"), "liaison",
        told=True, outlives=True, target=0.90, by_hand=True, theirs=True,
    ),
    Kind(
        "reply", Text("顧客からの回答", "Answer from a customer"), "liaison",
        told=True, outlives=True, target=0.90, by_hand=True, theirs=True,
    ),
    Kind(
        "answer", Text("回答の活用と報告", "Answer used, and told"), "liaison",
        told=True, outlives=True, by_hand=True,
    ),
    Kind("severity_answer", Text("重大度への異議の回答", "Answer about the severity"), "liaison", told=True),
    Kind(
        "claim_answer", Text("請求への回答", "Answer to a claim"), "liaison",
        told=True, rank=3, outlives=True, guarded=True,
    ),
    Kind(
        "deadline", Text("顧客の期限前の判断", "Decision before the customer's deadline"), "commander",
        told=True, outlives=True, guarded=True, before=(60, 15),
    ),
    Kind(
        "authority_notice", Text("当局への報告", "Notice to the authority"), "commander",
        rank=1, outlives=True, target=1.0, guarded=True,
    ),
    Kind(
        "person_concerned", Text("本人への通知", "Notice to the persons concerned"), "commander",
        rank=1, outlives=True, target=1.0, guarded=True,
    ),
    Kind(
        "controller_notice", Text("委託元への報告", "Notice to the controller"), "commander",
        rank=1, outlives=True, target=1.0, guarded=True,
    ),
)  # fmt: skip

KINDS: dict[str, Kind] = {row.code: row for row in _ROWS}


def kind(code: str) -> Kind:
    """Return the row of `code`, or refuse `promise.unknown_kind`."""
    try:
        return KINDS[code]
    except KeyError:
        raise Refused("promise.unknown_kind", kind=code[:40]) from None


def rank_for(code: str, rank: int) -> int:
    """The rank a promise climbs with: that of its incident, but never more urgent than its kind allows."""
    return max(rank, kind(code).rank)
