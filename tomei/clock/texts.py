"""What the clock says when it refuses."""

from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    "clock.newer_schema": (
        Text(
            ja="データベースは、このTomeiより新しい版で更新されています（{names}）。古いコードで時計を動かすと記録を"
            "壊すおそれがあるため、時計は停止しました。データは何も変更していません。",
            en="The database was migrated by a newer Tomei ({names}). Old code could spoil its records, so the clock "
            "has stopped. Nothing was changed.",
        ),
        Text(
            ja="新しい版のTomeiを起動してください。戻す必要がある場合は、更新前のバックアップを復元してください。",
            en="Start the newer version of Tomei. To go back, restore the backup made before the migration.",
        ),
    ),
}
