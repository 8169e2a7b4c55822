"""The two mails that a subscriber gets: the question whether they meant it, and a public update with the way out."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from django.conf import settings

from tomei.comms import mail
from tomei.comms.views import CustomerView
from tomei.delivery.rules import mail_domain
from tomei.kernel.text import Text

_SUBJECT = Text("{house} の障害情報の購読を確認してください", "Confirm that you want updates from {house}")
_ASKED = Text(
    "このアドレスに {house} の障害情報を送ってほしいという申し込みがありました。",
    "Somebody asked us to send updates on the status of {house} to this address.",
)
_OPEN = Text(
    "あなたが申し込んだ場合は、24時間以内に次のページを開いて確認してください。",
    "If it was you, open this page within 24 hours and confirm:",
)
_IGNORE = Text(
    "心当たりがなければ、何もしないでください。これ以上は届かず、このアドレスは1日で消えます。",
    "If it was not, do nothing: no more comes, and the address is forgotten after a day.",
)
_WHY = Text(
    "このメールは、ステータスページで購読を申し込まれた方に送っています。",
    "You get this mail because you subscribed on our status page.",
)
CHANGE = Text("内容の変更・購読の解除", "Change what you get, or unsubscribe")
PLACE = "//subscription.invalid/"  # stands where each reader's own link will: no address of a house looks like it


def confirmation(token: str, language: str, house: str) -> mail.Mail:
    """The question to an address that was typed into the public form. It quotes nothing that was typed."""
    url = f"{settings.TOMEI_URL}/status/subscribe/{token}/?lang={language}"
    subject = _SUBJECT.said_in(language).format(house=house)
    asked, opened, ignored = asking(language, house)
    text = f"{asked}\n\n{opened}\n{url}\n\n{ignored}\n\n-- \n{house}\n"
    body = (
        f'<p>{escape(asked)}</p><p>{escape(opened)}<br><a href="{escape(url)}">{escape(url)}</a></p>'
        f"<p>{escape(ignored)}</p><p>{escape(house)}</p>"
    )
    html = f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head><body>{body}</body></html>'
    return mail.Mail(subject, text, html, {})


def asking(language: str, house: str) -> tuple[str, str, str]:
    """That somebody asked, what to do if it was you, and what if not."""
    asked, opened, ignored = (text.said_in(language).format(house=house) for text in (_ASKED, _OPEN, _IGNORE))
    return asked, opened, ignored


def update(view: CustomerView, *, house: str) -> mail.Mail:
    """A public update as every subscriber of one language gets it; `personal` puts the reader's own link in.

    Files are read on the page: ten thousand copies of an attachment would keep the words from going out.
    """
    return mail.render(replace(view, files=()), house=house, ending=ending(view.language))


def ending(language: str) -> mail.Ending:
    """Why it came, and the way out, whose place `personal` fills."""
    return ((_WHY.said_in(language), ""), (CHANGE.said_in(language), PLACE))


def personal(said: mail.Mail, url: str) -> mail.Mail:
    """The same mail with the way out that belongs to one reader (RFC 8058 and RFC 2919)."""
    headers = {
        **said.headers, "List-Id": f"<status.{mail_domain(settings.TOMEI_URL)}>",
        "List-Unsubscribe": f"<{url}unsubscribe/>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }  # fmt: skip
    return replace(
        said, text=said.text.replace(PLACE, url), html=said.html.replace(PLACE, escape(url)), headers=headers
    )
