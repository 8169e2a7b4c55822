"""The manifest that makes the app at Slack: our addresses, one command, buttons, and the two scopes that are needed."""

from __future__ import annotations

import json


def manifest(house: str, language: str) -> str:
    """JSON to paste at Slack under “Create an app from a manifest”."""
    said = {
        "ja": ("約束を守り、お客様に伝える", "インシデントの宣言、経過連絡、更新、担当、約束", "help"),
        "en": ("Keep every promise of an incident", "Declare, heartbeat, update, who owns what, promises", "help"),
    }[language]
    whole = {
        "display_information": {"name": "Tomei", "description": said[0]},
        "features": {
            "bot_user": {"display_name": "Tomei", "always_online": True},
            "slash_commands": [
                {
                    "command": "/tomei",
                    "url": f"{house}/in/slack/commands",
                    "description": said[1],
                    "usage_hint": said[2],
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
        "settings": {
            "interactivity": {"is_enabled": True, "request_url": f"{house}/in/slack/interactions"},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)
