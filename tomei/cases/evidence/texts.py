"""What evidence refuses, in words, and what it writes into timelines."""

from __future__ import annotations

from tomei.kernel.text import Text

SENTENCES: dict[str, Text] = {
    "evidence.given": Text(
        "証拠を保管: {organisations}(SHA-256 {short}、マスク {findings} 件)",
        "Evidence kept, from {organisations} (SHA-256 {short}, {findings} masked)",
    ),
    "evidence.broken": Text(
        "証拠が壊れて届きました: {organisations}。保管していません",
        "Evidence from {organisations} arrived damaged and was not kept",
    ),
    "evidence.described": Text("証拠の出所・期間を記録(SHA-256 {short})", "Evidence described (SHA-256 {short})"),
    "evidence.shared": Text(
        "証拠を{organisations}に共有(SHA-256 {short})", "Evidence shared with {organisations} (SHA-256 {short})"
    ),
    "evidence.unshared": Text(
        "証拠の共有を終了: {organisations}(SHA-256 {short})",
        "Evidence no longer shared with {organisations} (SHA-256 {short})",
    ),
    "evidence.released": Text(
        "未検査の証拠の閲覧を許可(SHA-256 {short})", "Evidence released without a scan (SHA-256 {short})"
    ),
    "evidence.held": Text("証拠の消去を停止(SHA-256 {short})", "Evidence put on hold (SHA-256 {short})"),
    "evidence.unheld": Text("証拠の消去の停止を解除(SHA-256 {short})", "Hold on evidence ended (SHA-256 {short})"),
    "evidence.erased": Text(
        "保管期間が過ぎ、証拠を消去(SHA-256 {short})", "Evidence erased, its time being over (SHA-256 {short})"
    ),
}

REFUSALS: dict[str, tuple[Text, Text]] = {
    "evidence.gone": (
        Text("この証拠の中身はここにありません({state})。", "The bytes of this evidence are not here ({state})."),
        Text("必要なら、出した人にもう一度送ってもらってください。", "Ask whoever gave it to send it again."),
    ),
    "evidence.not_looked_into": (
        Text(
            "このファイルはまだ検査されていないため、開けません。",
            "This file has not been looked into yet, so it is not opened.",
        ),
        Text(
            "検査の終了を待つか、検査できなかった場合は指揮者に閲覧の許可を依頼してください。",
            "Wait for the scan; if it failed, ask a commander to release the file with a reason.",
        ),
    ),
    "evidence.no_reason": (
        Text("原本を開く理由がありません。何も渡していません。",
             "A reason for opening the original is missing. Nothing was handed out."),
        Text("理由を書いてください。閲覧記録に残ります。", "Write why; it stays in the list of readings."),
    ),
    "evidence.nothing_to_release": (
        Text("許可を待っている証拠ではありません({state})。何も変わっていません。",
             "This evidence does not wait to be released ({state}). Nothing was changed."),
        Text("ページを開き直して今の状態を確かめてください。", "Open the page again and look at how it stands."),
    ),
    "evidence.range_backwards": (
        Text("期間の終わりが始まりより前です。何も変わっていません。",
             "The range ends before it begins. Nothing was changed."),
        Text("日時を確かめてください。", "Look at the two times again."),
    ),
    "evidence.not_to_share": (
        Text("この証拠は共有の対象ではありません。何も変わっていません。",
             "This evidence is not for sharing. Nothing was changed."),
        Text("お客様から届いたものは、すでにそのお客様に見えています。自社の名前で保管したものは、お客様の名前で保管し直してください。",
             "What a customer gave they see already; what was kept as our own has to be given for that customer."),
    ),
    "evidence.form_too_large": (
        Text("このフォームで送れるのは {limit} MiB までです。何も保存していません。",
             "This form takes files of up to {limit} MiB. Nothing was kept."),
        Text("JavaScript を有効にすると、1 GiB まで分割して送れます。",
             "With JavaScript turned on, files of up to 1 GiB are sent in parts."),
    ),
    "evidence.no_file": (
        Text("ファイルが選ばれていません。", "No file was chosen."),
        Text("ファイルを選んで、もう一度送ってください。", "Choose a file and send it again."),
    ),
}  # fmt: skip

STATES: dict[str, Text] = {
    "checking": Text("検査中", "being checked"),
    "ready": Text("検査済み", "checked"),
    "unscanned": Text("未検査", "not scanned"),
    "released": Text("未検査のまま閲覧許可", "released without a scan"),
    "broken": Text("破損", "damaged on its way"),
    "erased": Text("消去済み", "erased"),
}
WHY: dict[str, Text] = {
    "killed": Text(
        "検査プログラムが制限(時間・メモリ)に達しました", "the scanner reached its limits of time or memory"
    ),
    "timeout": Text("検査が時間内に終わりませんでした", "the scan took too long"),
    "fault": Text("検査プログラムが異常終了しました", "the scanner failed"),
}
FINDINGS: dict[str, Text] = {
    "private_key": Text("秘密鍵", "private keys"),
    "aws": Text("AWS の鍵", "AWS keys"),
    "github": Text("GitHub トークン", "GitHub tokens"),
    "slack": Text("Slack トークン", "Slack tokens"),
    "jwt": Text("JWT", "JSON web tokens"),
    "bearer": Text("認証ヘッダーの値", "values of authorization headers"),
    "url_password": Text("URL 中のパスワード", "passwords in URLs"),
    "assignment": Text("パスワード・秘密の値", "passwords and secrets with their names"),
    "card": Text("カード番号", "card numbers"),
    "my_number": Text("マイナンバー", "Japanese Individual Numbers (My Number)"),
    "phone": Text("電話番号(日本)", "Japanese phone numbers"),
    "mail": Text("メールアドレス", "mail addresses"),
}
WARNINGS: dict[str, Text] = {
    "absolute": Text("絶対パス", "absolute path"),
    "outside": Text("展開先の外を指す", "points outside its folder"),
    "bomb": Text("展開すると極端に大きい", "unpacks to far more than it is"),
}
