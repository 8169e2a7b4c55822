"""Settings of the house and the box for secrets."""

from __future__ import annotations

import stat

import pytest
from django.conf import settings as site

from tomei.accounts import settings, vault
from tomei.accounts.models import AuditEntry, Setting
from tomei.kernel.actor import CLOCK
from tomei.kernel.errors import Refused


def test_what_is_sealed_opens_again_and_the_key_is_ours_alone():
    sealed = vault.seal("合言葉")
    assert (vault.open(sealed), "合言葉" in sealed) == ("合言葉", False)
    path = site.DATA / vault.KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(site.DATA.glob(f"{vault.KEY_FILE}.*")) == []


@pytest.mark.parametrize("text", ["", "nonsense", "gAAAAA==", "秘密"])
def test_what_this_key_did_not_seal_is_refused(text):
    with pytest.raises(Refused) as caught:
        vault.open(text)
    assert caught.value.code == "vault.other_key"


def test_another_key_does_not_open(tmp_path, settings):
    sealed = vault.seal("x")
    settings.DATA = tmp_path / "other"
    with pytest.raises(Refused):
        vault.open(sealed)


def test_a_setting_is_kept_and_the_log_says_old_and_new(by_admin, now):
    assert settings.get("zone", "UTC") == "UTC"
    settings.put("zone", "Asia/Tokyo", by=by_admin, now=now)
    settings.put("zone", "Asia/Seoul", by=by_admin, now=now)
    settings.put("zone", "Asia/Seoul", by=by_admin, now=now)
    assert settings.get("zone") == "Asia/Seoul"
    assert [entry.data for entry in AuditEntry.objects.order_by("pk")] == [
        {"name": "zone", "old": None, "new": "Asia/Tokyo"},
        {"name": "zone", "old": "Asia/Tokyo", "new": "Asia/Seoul"},
    ]


def test_a_secret_setting_stands_sealed_and_out_of_the_log(by_admin, now):
    settings.put("mail.password", "hunter2-ぱす", by=by_admin, now=now, secret=True)
    assert settings.get("mail.password") == "hunter2-ぱす"
    assert "hunter2" not in str(list(Setting.objects.values()) + list(AuditEntry.objects.values()))
    settings.put("mail.password", "plain now", by=by_admin, now=now)
    assert settings.get("mail.password") == "plain now"
    assert "plain" not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("who", ["by_lead", "by_colleague", "by_watcher", "by_outsider"])
def test_only_administrators_and_the_clock_set(request, now, who):
    with pytest.raises(Refused) as caught:
        settings.put("zone", "UTC", by=request.getfixturevalue(who), now=now)
    assert (caught.value.code, Setting.objects.count()) == ("rights.missing", 0)
    settings.put("instance", {"id": 1}, by=CLOCK, now=now)
    assert settings.get("instance") == {"id": 1}
