"""Sentences that promises and signals write into timelines; `cases.sentences` fills the braces."""

from tomei.kernel.text import Text

SENTENCES = {
    "promise.warned": Text("{promise}の期限（{due}）が近いことを{people}に知らせました",
                           "{promise} due {due}: told {people} that it is near"),
    "promise.overdue": Text("{promise}が期限（{due}）を過ぎました。{people}に知らせました",
                            "{promise} is overdue (was due {due}); told {people}"),
    "promise.escalated": Text("{promise}が果たされないため{people}に上げました",
                              "{promise} not done: escalated to {people}"),
    "promise.unanswered": Text("{promise}が期限（{due}）を過ぎ、呼べる人がいませんでした",
                               "{promise} is overdue (was due {due}) and nobody could be called"),
    "promise.kept": Text("{promise}を期限（{due}）までに果たしました", "{promise} kept (due {due})"),
    "promise.late": Text("{promise}を{late}遅れて果たしました（期限 {due}）", "{promise} done {late} late (due {due})"),
    "promise.missed": Text("{promise}は不履行に終わりました（期限 {due}）", "{promise} was missed (due {due})"),
    "promise.withdrawn": Text("{promise}（期限 {due}）を取り下げました", "{promise} (due {due}) withdrawn"),
    "promise.unreached": Text("{promise}は5分たってもだれにも届いていません",
                              "{promise} had reached nobody after five minutes"),
    "mail.replied": Text("{organisations}からのメール返信（差出人は自称、未確認）",
                         "Reply by mail, {organisations} (sender as claimed, unverified)"),
    "mail.reply": Text("メールの返信（差出人は自称、未確認）", "Reply by mail (sender as claimed, unverified)"),
    "message.bounced": Text("メールが届かず戻りました {organisations}", "A mail came back undelivered {organisations}"),
    "signal.resolved": Text("送信元が解消を知らせました：{title}", "The sender says it is over: {title}"),
}  # fmt: skip
