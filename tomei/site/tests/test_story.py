"""The story of the demo plays through the same verbs as production and leaves a house worth looking at."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from tomei import wiring
from tomei.cases import queries, timeline
from tomei.clock import queries as clock
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.promises.models import Promise, Step
from tomei.site import story_folder
from tomei.site.story import past
from tomei.site.story.cast import Cast, gather
from tomei.site.story.script import Incident, play


@pytest.mark.django_db
def test_a_month_is_played(house, settings):
    settings.DEMO = True
    now = time.now()
    cast = gather(now - timedelta(days=30))
    script = past.everything(cast, now)
    play(script, wiring.engine(), now)

    *_, long, restored = [queries.incident(one.id) for one in script]
    assert (long.severity, long.state, restored.severity, restored.state) == (
        "SEV1b",
        "investigating",
        "SEV2",
        "restored",
    )
    assert (long.slow_cadence_s, now - long.declared_at > timedelta(days=15)) == (86400, True)

    owed = Counter(Promise.objects.filter(state="open").values_list("kind", flat=True))
    assert {"vendor", "report", "next_update"} <= set(owed)
    vendor = Promise.objects.get(kind="vendor")
    assert (vendor.owed_by_id, vendor.due_at > now) == (cast.vendor, True)

    ended = Counter(Promise.objects.filter(kind="next_update").values_list("state", flat=True))
    assert ended["kept"] > 5 * ended["late"] > 0
    assert Promise.objects.filter(kind="report", state__in=["late", "missed"]).count() == 1

    assert not [step for step in Step.objects.all() if abs((step.at - step.planned_at).total_seconds()) > 1]
    assert all(timeline.verify_key(key) for key in queries.chain_keys(limit=100))
    assert not clock.dead()


def test_only_a_demo_folder_is_made_anew(tmp_path):
    (tmp_path / "tomei.sqlite3").write_text("real")
    with pytest.raises(SystemExit, match="not a demo folder: nothing was touched"):
        story_folder.make(tmp_path, keep=False)
    assert [path.name for path in tmp_path.iterdir()] == ["tomei.sqlite3"]


def test_a_demo_folder_is_emptied_or_kept(tmp_path):
    story_folder.make(tmp_path, keep=False)
    (tmp_path / "files").mkdir()
    (tmp_path / "tomei.sqlite3").write_text("story")
    story_folder.make(tmp_path, keep=True)
    assert {path.name for path in tmp_path.iterdir()} == {"files", "tomei.sqlite3", story_folder.MARK}
    story_folder.make(tmp_path, keep=False)
    assert {path.name for path in tmp_path.iterdir()} == {story_folder.MARK}


def test_only_a_story_told_to_its_end_can_be_gone_on_with(tmp_path):
    story_folder.make(tmp_path, keep=False)
    assert not story_folder.is_told(tmp_path)
    story_folder.mark_told(tmp_path)
    story_folder.make(tmp_path, keep=True)
    assert story_folder.is_told(tmp_path)
    story_folder.make(tmp_path, keep=False)
    assert not story_folder.is_told(tmp_path)


@pytest.mark.django_db
def test_whoever_listens_hears_each_line_until_the_story_ends():
    now, heard, acted = time.now(), [], []
    one = Incident(Cast(), now - timedelta(hours=1), "SEV3", Text("x"), "erp", ())
    for minutes in (2, 1, 90):
        one.at(minutes, acted.append)
    play([one], wiring.engine(), now, lambda done, total: heard.append((done, total)))
    assert (heard, acted) == ([(1, 2), (2, 2)], [one.start + timedelta(minutes=n) for n in (1, 2)])
