"""The mail that lets a contact in: a link for the browser that asked, and a code to type there."""

from __future__ import annotations

from html import escape

from django.conf import settings

from tomei.comms.mail import Mail
from tomei.kernel.text import Text

_SUBJECT = Text("{house} お客様ルームへのサインイン", "Sign in to your room at {house}")
_ASKED = Text(
    "お客様ルームに入るためのリンクと番号が、このアドレスで求められました。",
    "Somebody asked with this address to enter the customer room.",
)
_LINK = Text(
    "サインインを始めたブラウザーで、10分以内に次のページを開いてください。1回だけ使えます。",
    "Open this page within 10 minutes, in the browser in which you asked. It works once.",
)
_CODE = Text(
    "メールを別の端末で読んでいるときは、サインインを始めた画面にこの番号を入力してください。",
    "If you read this mail on another device, type this code on the page in which you asked:",
)
_IGNORE = Text(
    "心当たりがなければ、何もしないでください。誰も入れません。この番号を人に伝えないでください。",
    "If it was not you, do nothing: nobody gets in. Tell this code to nobody.",
)


def sign_in(token: str, code: str, language: str, house: str) -> Mail:
    """It quotes nothing that was typed, and leads nowhere but to our own address."""
    url = f"{settings.TOMEI_URL}/room/sign-in/link/{token}/?lang={language}"
    said = [one.said_in(language).format(house=house) for one in (_SUBJECT, _ASKED, _LINK, _CODE, _IGNORE)]
    subject, asked, link, typed, ignore = said
    spaced = f"{code[:3]} {code[3:]}"
    text = f"{asked}\n\n{link}\n{url}\n\n{typed}\n{spaced}\n\n{ignore}\n\n-- \n{house}\n"
    body = (
        f'<p>{escape(asked)}</p><p>{escape(link)}<br><a href="{escape(url)}">{escape(url)}</a></p>'
        f'<p>{escape(typed)}</p><p style="font-size:28px;font-weight:bold;letter-spacing:2px">{spaced}</p>'
        f"<p>{escape(ignore)}</p><p>{escape(house)}</p>"
    )
    html = f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head><body>{body}</body></html>'
    return Mail(subject, text, html, {})
