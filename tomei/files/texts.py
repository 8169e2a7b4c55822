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
