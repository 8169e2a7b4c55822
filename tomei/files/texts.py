"""Why a file is not taken, and what to do."""

from __future__ import annotations

from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    "files.too_large": (
        Text(
            "ファイルが {limit} MiB を超えています。保存していません。",
            "The file is larger than {limit} MiB. Nothing was kept of it.",
        ),
        Text(
            "必要な部分だけを切り出すか、圧縮してから添付してください。",
            "Cut out the part that matters, or compress it, and attach that.",
        ),
    ),
    "files.empty": (
        Text("ファイルが空です。保存していません。", "The file is empty. Nothing was kept."),
        Text("中身を確かめて、もう一度添付してください。", "Check what it holds and attach it again."),
    ),
    "files.unknown_type": (
        Text(
            "「{name}」の種類は受け付けていません。保存していません。",
            "Files like “{name}” are not taken. Nothing was kept.",
        ),
        Text("次の種類で添付するか、zip にまとめてください：{allowed}", "Attach one of these, or a zip: {allowed}"),
    ),
    "files.not_what_it_says": (
        Text(
            "「{name}」の中身は名前の示す種類と異なります（判定：{seen}）。保存していません。",
            "What is in “{name}” is not what its name says (it looks like {seen}). Nothing was kept.",
        ),
        Text(
            "正しい拡張子に直すか、zip にまとめて添付してください。",
            "Give it its right extension, or attach it in a zip.",
        ),
    ),
    "files.bad_about": (
        Text("添付先「{about}」が分かりません。", "“{about}” is nothing that a file can be attached to."),
        Text("添付先のページからやり直してください。", "Attach it from the page that it belongs to."),
    ),
    "files.bad_audience": (
        Text("公開範囲「{audience}」は使えません。", "“{audience}” is not an audience of files."),
        Text("internal または public を指定してください。", "Use internal or public."),
    ),
    "files.not_there": (
        Text(
            "添付ファイルの一部が見つかりません。何も送らず、何も変えていません。",
            "One of the attached files is not there. Nothing was sent and nothing was changed.",
        ),
        Text("一覧から外し、もう一度添付してください。", "Take it off the list and attach it again."),
    ),
    "upload.too_large": (
        Text(
            "ファイルが {limit} MiB を超えています。何も受け取っていません。",
            "The file is larger than {limit} MiB. Nothing was taken of it.",
        ),
        Text(
            "障害の前後の時間帯だけを切り出すか、圧縮するか、分割して送ってください。",
            "Cut out the hours around the failure, compress it, or send it in several files.",
        ),
    ),
    "upload.over_quota": (
        Text(
            "この組織の保管枠({quota_mib} MiB)を超えます。使用中 {used_mib} MiB、このファイルは {size_mib} MiB です。"
            "何も受け取っていません。",
            "It does not fit into what is kept for this organisation ({quota_mib} MiB, {used_mib} MiB of it used, "
            "{size_mib} MiB for this file). Nothing was taken.",
        ),
        Text(
            "必要な時間帯だけを切り出すか、管理者に枠の拡大(TOMEI_EVIDENCE_QUOTA_GB)を依頼してください。",
            "Cut out the hours that matter, or ask an administrator for more room (TOMEI_EVIDENCE_QUOTA_GB).",
        ),
    ),
    "upload.disk_low": (
        Text(
            "サーバーのディスクの空きが足りないため、受け取れません。何も受け取っていません。",
            "The disk of the server has too little room left for this file. Nothing was taken.",
        ),
        Text(
            "管理者に空き容量の確保を依頼するか、より小さなファイルを送ってください。",
            "Ask an administrator to make room, or send a smaller file.",
        ),
    ),
    "upload.no_such_chunk": (
        Text(
            "{number} 番の断片はこのファイルにありません(最後は {most} 番)。保存していません。",
            "This file has no chunk {number} (the last one is {most}). Nothing was kept of it.",
        ),
        Text("ファイルを選び直し、もう一度送ってください。", "Choose the file again and send it anew."),
    ),
    "upload.wrong_length": (
        Text(
            "{number} 番の断片の長さが違います({came} バイト、正しくは {wanted} バイト)。保存していません。",
            "Chunk {number} has {came} bytes, where it should have {wanted}. Nothing was kept of it.",
        ),
        Text(
            "送信中にファイルが変わった可能性があります。選び直して送ってください。",
            "The file may have changed while it was sent. Choose it again and send it anew.",
        ),
    ),
    "upload.no_hash": (
        Text(
            "断片の SHA-256 がありません。保存していません。",
            "The SHA-256 of the chunk is missing. Nothing was kept of it.",
        ),
        Text(
            "X-Chunk-SHA256 に16進数64文字で付けて送ってください。",
            "Send it as 64 hexadecimal digits in X-Chunk-SHA256.",
        ),
    ),
    "upload.wrong_hash": (
        Text(
            "{number} 番の断片が途中で壊れました(ハッシュが一致しません)。保存していません。",
            "Chunk {number} was damaged on its way: its hash is another one. Nothing was kept of it.",
        ),
        Text("この断片だけをもう一度送ってください。", "Send this one chunk again; the others stay."),
    ),
    "upload.chunk_differs": (
        Text(
            "{number} 番の断片は、先に届いたものと内容が違います。保存していません。",
            "Chunk {number} is not what came there before. Nothing was kept of it.",
        ),
        Text(
            "別のファイルか、途中で変わったファイルです。最初から送り直してください。",
            "It is another file, or it changed meanwhile. Begin the upload anew.",
        ),
    ),
    "upload.not_open": (
        Text(
            "このアップロードはもう受け付けていません({state})。何も変わっていません。",
            "Nothing more is taken for this upload ({state}). Nothing was changed.",
        ),
        Text("一覧で状態を確かめてください。", "Look at the list for how it stands."),
    ),
    "upload.chunks_missing": (
        Text(
            "{of} 個の断片のうち {missing} 個がまだ届いていません。",
            "Of {of} chunks {missing} have not come yet.",
        ),
        Text("残りの断片を送ってから完了してください。", "Send the rest, then finish."),
    ),
    "files.disk_full": (
        Text(
            "ディスクに空きがなく、ファイルを保存できませんでした。すでに保存されたものは失われていません。",
            "The disk is full and the file could not be kept. Nothing that was kept before is lost.",
        ),
        Text(
            "管理者にデータフォルダーの空き容量を確保するよう依頼し、もう一度添付してください。",
            "Ask an administrator to make room on the disk of the data folder, then attach it again.",
        ),
    ),
}
