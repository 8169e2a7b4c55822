"""A mail to whoever declared a case when its page has something new. It quotes nothing and leads to the room."""

from __future__ import annotations

from html import escape

from django.conf import settings

from tomei.cases import queries as cases
from tomei.cases.declared import queries as declared
from tomei.customers import queries as customers
from tomei.delivery import actions as delivery
from tomei.kernel.events import Event
from tomei.kernel.text import Text

_SAID = {
    "case.acknowledged": Text("{key}：担当者が受領しました", "{key}: a person of ours has it"),
    "case.severity_told": Text("{key}：重大度についてお知らせ", "{key}: about the severity"),
    "case.told": Text("{key}：新しいお知らせ", "{key}: we wrote to you"),
}
_READ = Text(
    "次のページでお読みください。サインインが必要です。",
    "Read it on this page, after signing in:",
)


def told(event: Event) -> None:
    """With the act: to the contact who declared it, as long as they may enter; nobody else."""
    one = declared.of_case(event["case_id"])
    found = customers.guest(one.contact_id) if one is not None and one.contact_id is not None else None
    if found is None:
        return
    contact, case = found[0], cases.case(event["case_id"])
    house = customers.ours().name.said_in(contact.language)
    subject = _SAID[event.name].said_in(contact.language).format(key=case.key)
    read, url = _READ.said_in(contact.language), f"{settings.TOMEI_URL}/room/cases/{case.key}/"
    html = (
        f'<!doctype html><html lang="{contact.language}"><head><meta charset="utf-8"></head><body>'
        f'<p>{escape(subject)}</p><p>{escape(read)}<br><a href="{escape(url)}">{escape(url)}</a></p>'
        f"<p>{escape(house)}</p></body></html>"
    )
    delivery.queue_mail(
        to=contact.mail, subject=subject, text=f"{subject}\n\n{read}\n{url}\n\n-- \n{house}\n", html=html,
        key=f"{event.name}:{case.id}:{event.at.isoformat()}", purpose="update", rank=case.rank, now=event.at,
        organisation_id=case.organisation_id, about=f"case:{case.id}",
    )  # fmt: skip
