"""The checklists that Tomei comes with, in its own words: version 0 of each role, until somebody writes another."""

from __future__ import annotations

from tomei.cases.playbooks.rules import Step
from tomei.kernel.text import Text

# (minute, least severe rank, Japanese, English)
_STEPS: dict[str, tuple[tuple[int | None, int, str, str], ...]] = {
    "commander": (
        (1, 4, "「指揮を執ります」と声に出して伝え、役割に就く", "Say aloud “I have command” and take the role"),
        (3, 4, "顧客の業務で何が止まっているかを一文で言い、重大度を決める(迷えば高いほう)",
         "Say in one sentence what the customers cannot do, and set the severity; in doubt the higher one"),
        (5, 3, "連絡責任者と記録係を指名する", "Name who speaks to customers and who keeps the record"),
        (5, 2, "第一報が出たことを確かめる", "See that the first notice has left"),
        (10, 3, "いま動いている変更をすべて止めるか、続ける理由を言わせる",
         "Stop every running change, or hear why it must go on"),
        (15, 3, "作業ごとに担当、時間枠(15分)、期待する結果を決める",
         "Give each action an owner, a time box of 15 minutes and an expected result"),
        (20, 2, "危険を伴う手順の前に「強い反対はありますか」と聞く",
         "Before any risky step ask: any strong objection?"),
        (30, 1, "経営スポンサーに状況と必要なことを伝える",
         "Tell the executive sponsor where we stand and what is needed"),
        (120, 2, "最上位の技術者が参加していることを確かめる", "See that the top tier of engineers has joined"),
        (240, 4, "交代を決め、引き継ぎを始める", "Decide who relieves you and begin the hand-over"),
    ),
    "deputy": (
        (5, 4, "指揮者の隣に就き、いつでも代われるように読む",
         "Stand beside the commander and read along, ready to take over"),
        (10, 3, "次の連絡と次の判断の時刻を声に出して数える",
         "Call out when the next update and the next decision are due"),
        (15, 3, "時間枠を過ぎた作業を指揮者に知らせる", "Tell the commander which action has outrun its time box"),
        (20, 2, "直接の部下が7人を超えたら班に分けるよう勧める",
         "Propose sub-teams when more than seven report to one person"),
        (60, 3, "顔ぶれの疲れを見て、交代を用意する", "Look who is tired and prepare reliefs"),
    ),
    "scribe": (
        (3, 4, "記録を開き、発生、検知、宣言の時刻を確かめる",
         "Open the timeline; check when it began, was detected and declared"),
        (5, 4, "決定を、だれが・いつ・何をの形で書く", "Write each decision as who, when, what"),
        (10, 3, "事実と推測を分けて書く", "Keep facts apart from guesses"),
        (15, 3, "作業の開始と結果を時刻付きで書く", "Write when each action began and what came of it"),
        (30, 3, "顧客への言葉(電話を含む)がすべて残っているか確かめる",
         "See that every word to customers, calls too, is recorded"),
        (None, 4, "終わりに、抜けた時刻を関係者に聞いて埋める", "At the end ask for the times that are missing"),
    ),
    "communications": (
        (5, 2, "第一報を出す:何が起きているか、当社の障害であること、次の連絡の時刻",
         "Send the first notice: what happens, that it is ours, when we speak next"),
        (10, 3, "影響範囲(だれが、どこで、いつから)を伝える", "Tell the scope: who, where, since when"),
        (15, 3, "分かっていること、分かっていないことを分けて書く", "Say what is known and what is not"),
        (15, 4, "必ず次の時刻を添える。「まもなく」は使わない", "Always name the next time; never “soon”"),
        (20, 3, "同じ文を三度送らない。試したことを書く", "Never the same text three times: say what was tried"),
        (30, 2, "もう一方の言語の版を出す", "Send the other language"),
        (60, 2, "間隔を延ばすなら、先に告げる", "Announce a slower interval before using it"),
    ),
    "liaison": (
        (5, 2, "止まっている顧客に電話し、顧客の言葉で影響を書き留める",
         "Call the customers who stand still; write the effect in their words"),
        (10, 3, "顧客の期限(便、締め、法令)を聞く", "Ask for their hard deadline: a truck, a closing, a law"),
        (15, 3, "回避策を伝え、使えるかを確かめる", "Offer the workaround and hear whether it works"),
        (30, 3, "無連絡の時間が最も長い顧客に連絡する", "Speak to whoever has heard nothing for longest"),
        (None, 3, "顧客から得た事実を指揮者に渡す", "Bring the customers' facts to the commander"),
        (None, 4, "業務が再開したことを顧客の口から聞く", "Hear from the customer that business runs again"),
    ),
    "internal_liaison": (
        (10, 3, "営業、サポート、経営層に同じ一文で伝える",
         "Tell sales, support and executives the same one sentence"),
        (20, 3, "社内の質問を引き受け、作業者に届かせない",
         "Take the questions from inside, so that nobody disturbs the work"),
        (30, 2, "必要な人と権限を用意する", "Find the people and the authority that are needed"),
        (60, 3, "社内向けに次の時刻を約束する", "Promise the house its next time too"),
    ),
    "escalation_manager": (
        (10, 3, "関係するベンダーの窓口と契約の応答時間を確かめる",
         "Look up the vendor's desk and its contractual response time"),
        (15, 2, "チケットを最高の重大度で開き、番号を記録する",
         "Open their ticket at the highest severity and write down its number"),
        (20, 2, "四点を添えて頼む:何を、なぜ、何に使うか、いつまでに",
         "Ask with four things: what, why, what for, by when"),
        (30, 2, "返答の時刻を約束として書き留める", "Write their time down as a promise"),
        (60, 2, "遅れたら次の階層を呼ぶ", "Call their next level when they are late"),
    ),
    "expert": (
        (5, 4, "何を調べるかを声に出し、時間枠を約束する", "Say what you look at and for how long"),
        (10, 4, "直近の変更を先に疑う", "Suspect the latest change first"),
        (15, 3, "試す前に、期待する結果と戻し方を言う", "Before you try: say what you expect and how to go back"),
        (15, 3, "変更は一度に一つ。結果を記録する", "One change at a time; record the result"),
        (None, 3, "直ったことを数値で示す", "Show by figures that it is mended"),
    ),
    "top_tier": (
        (5, 2, "30秒で状況を読み、足りない事実を挙げる",
         "Read the brief in 30 seconds and name the facts that are missing"),
        (15, 2, "仮説ごとに、否定できる試験を決める", "For each hypothesis choose the test that could refute it"),
        (30, 2, "続けるか戻すかの判断時刻を決める", "Set the time at which we go on or go back"),
    ),
}  # fmt: skip

STEPS: dict[str, list[Step]] = {
    role: [Step(key, Text(ja, en), minute, rank) for key, (minute, rank, ja, en) in enumerate(steps, 1)]
    for role, steps in _STEPS.items()
}
