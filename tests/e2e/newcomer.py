"""What a newcomer does in the browser, step by step; each step asserts what the page then says."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.e2e.house import House, Postbox, text_of, until

PASSWORD = "a long sentence that I remember"
LEAD, MATE, CUSTOMER = "lead@house.example", "mate@house.example", "sato@customer.example"
VAGUE = "まもなく復旧する見込みです。"


class Newcomer:
    """One person with one browser. Nothing is done that a person could not do by hand."""

    def __init__(self, browser: Any, house: House, postbox: Postbox, language: str, *, script: bool = True) -> None:
        self.house, self.postbox, self.language = house, postbox, language
        locale = "ja-JP" if language == "ja" else "en-GB"
        self.context = browser.new_context(
            locale=locale, timezone_id="Asia/Tokyo", java_script_enabled=script, viewport={"width": 1360, "height": 900}
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._hear)
        self.address = ""

    def _hear(self, line: Any) -> None:
        if "status of 409" in line.text and "/update/draft/" in str(line.location):
            return  # a draft that was on its way when the update was sent: refused, and the page has left
        if line.type == "error" and "status of 422" not in line.text:  # a refusal is an answer, not a trouble
            self.troubles.append(f"{line.text} {line.location}")

    def open(self, path: str) -> None:
        answer = self.page.goto(self.house.base + path if path.startswith("/") else path)
        assert answer.status == 200, (path, answer.status)

    def text(self) -> str:
        return str(self.page.inner_text("body"))

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.fill(f'main [name="{name.replace("__", ".")}"]', value)

    def press(self, selector: str = "main form.panel button.go") -> None:
        with self.page.expect_navigation():
            self.page.click(selector)

    def make_account(self) -> None:
        self.open(self.house.first_link)
        self.fill(name="佐藤 明", email=LEAD, password=PASSWORD, again=PASSWORD)
        self.press()
        assert "/setup/" in self.page.url, self.page.url

    def sign_in(self, mail: str = LEAD) -> None:
        self.open("/account/login/")
        self.page.fill('[name="login"]', mail)
        self.page.fill('[name="password"]', PASSWORD)
        self.press("main button.go")

    def set_up(self) -> None:
        """Five steps: house, address, mail with a test that arrives, catalogue, signal with the line that is run."""
        self.open("/setup/house/")
        self.fill(name__ja="浅葱システムズ", name__en="Asagiri Systems", zone="Asia/Tokyo")
        self.press()
        self.press()  # the address is right
        self._mail()
        self.open("/setup/catalogue/")
        self.fill(
            product__ja="基幹クラウド", product__en="ERP Cloud", component__ja="受注・出荷", component__en="Orders"
        )
        self.page.check('[name="declares"]')
        self.fill(customer__ja="東和精機", customer__en="Towa Seiki", contact="山本 誠", mail=CUSTOMER)
        self.press()
        self.press()  # make a source
        self._signal()
        self.add_customer()

    def _mail(self) -> None:
        self.open("/settings/mail/")
        self.fill(host="127.0.0.1", port=str(self.postbox.port), sender="support@house.example")
        self.page.select_option('main [name="security"]', "none")
        self.press("#server button")
        self.press("#test button")
        self.page.wait_for_selector("#tested .good", timeout=20_000)
        self.postbox.wait(LEAD)

    def _signal(self) -> None:
        self.open("/signals/sources/")
        self.press("main table th a")
        line = self.page.inner_text("#curl")
        self.address = line.rsplit(" ", 1)[1]
        ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=20, check=True)
        assert "{" in ran.stdout, ran
        self.page.wait_for_selector("#arrived .state.good", timeout=15_000)  # turns green without a reload

    def add_customer(self) -> None:
        """A second customer of the same component, without an address: somebody must be called."""
        self.open("/customers/paste/")
        self.fill(lines="北浜フーズ, Asia/Tokyo, kitahama@customer.example\n三崎物流, Asia/Tokyo")
        self.press("main form.forms button.go")
        for name in ("北浜フーズ", "三崎物流"):
            self.open("/customers/")
            self.press(f'main th a:has-text("{name}")')
            panel = "main section:has(#h-uses)"
            self.page.locator(f"{panel} details > summary").click() if self.page.locator(
                f"{panel} details:not([open])"
            ).count() else None
            self.page.check(f'{panel} [name="components"]')
            self.press(f"{panel} form button")

    def invite(self, browser: Any) -> Newcomer:
        """A colleague, commander too, who joins by the link in the mail: the one to whom a missed promise climbs."""
        self.open("/people/invite/")
        self.fill(name="Anna Weber", email=MATE)
        self.page.select_option('main [name="role"]', "commander")
        self.press()
        mail = self.postbox.wait(MATE, self.house.base)
        link = next(word for word in text_of(mail).split() if word.startswith(self.house.base))
        mate = Newcomer(browser, self.house, self.postbox, "en" if self.language == "ja" else "ja")
        mate.open(link)
        mate.fill(name="Anna Weber", password=PASSWORD, again=PASSWORD)
        mate.press()
        return mate

    def alert(self, name: str = "ShipmentConfirmationFailing") -> str:
        """Alertmanager posts; the component is set to declare, so an incident stands there. Its address."""
        labels = {"alertname": name, "severity": "critical"}
        notes = {"summary": "Shipment confirmation fails", "summary_ja": "出荷確定ができない"}
        at = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        one = {
            "status": "firing", "labels": labels, "annotations": notes, "startsAt": at,
            "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "http://prometheus.example/", "fingerprint": "9f3ac177",
        }  # fmt: skip
        body = {
            "version": "4", "groupKey": f'{{}}:{{alertname="{name}"}}', "truncatedAlerts": 0, "status": "firing",
            "receiver": "tomei", "groupLabels": labels, "commonLabels": labels, "commonAnnotations": notes,
            "externalURL": "http://alertmanager.example:9093", "alerts": [one],
        }  # fmt: skip
        answer = httpx.post(self.address, json=body, timeout=10)
        assert answer.status_code in (200, 202), answer.text
        self.open("/")
        self.page.wait_for_selector(".cases h3 a", timeout=15_000)
        return str(self.page.get_attribute(".cases h3 a", "href"))

    def take_command(self, incident: str) -> None:
        self.open(incident)
        self.press('#roles form:has([name="role"][value="commander"]) button')

    def write(self, incident: str, ja: str, en: str, *, state: str = "", next_at: datetime | None = None) -> None:
        """Fill the composer; nothing is sent."""
        self.open(f"{incident}update/?start=none")
        for name in ("effect", "scope", "known", "done", "doing", "ask", "workaround"):
            for language in ("ja", "en"):
                if self.page.locator(f'[name="{name}.{language}"]').count():
                    self.page.fill(f'[name="{name}.{language}"]', "")
        self.fill(known__ja=ja, known__en=en)
        if state:
            self.page.check(f'[name="state"][value="{state}"]')
        for audience in ("affected", "public"):
            self.page.check(f'[name="to"][value="{audience}"]')
        if next_at is not None:
            self.page.check('[name="next"][value="other"]')
            self.page.fill('[name="next_at"]', next_at.strftime("%Y-%m-%dT%H:%M"))

    def send(self, *, confirm: bool = False) -> None:
        self.press('#look button[value="send"]')
        if confirm:
            self.page.wait_for_selector("#confirm")
            self.press("#confirm button.go")
        assert "/updates/" in self.page.url, self.text()

    def state_of_summary(self) -> Any:
        return httpx.get(f"{self.house.base}/status/api/v2/summary.json", timeout=5).json()

    def wait_live(self, selector: str, seconds: float) -> None:
        """Something appears on the page that is open, without a reload."""
        loaded = self.page.evaluate("performance.timeOrigin")
        self.page.wait_for_selector(selector, timeout=seconds * 1000)
        assert self.page.evaluate("performance.timeOrigin") == loaded, "the page was reloaded"


__all__ = ["CUSTOMER", "LEAD", "MATE", "VAGUE", "Newcomer", "until"]
