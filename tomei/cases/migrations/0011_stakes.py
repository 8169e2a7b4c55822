"""Workarounds with their cost, and hard deadlines of cases; what `case.deadline_at` held becomes the first deadline."""

import django.db.models.deletion
from django.db import migrations, models


def carry_over(apps, schema_editor):
    """Without a promise: who moves such a deadline, or names the next, has it watched from then on."""
    deadline = apps.get_model("cases", "Deadline")
    zones = dict(apps.get_model("customers", "Organisation").objects.values_list("id", "zone"))
    cases = apps.get_model("cases", "Case").objects.exclude(deadline_at=None)
    deadline.objects.bulk_create(
        deadline(
            case_id=case.pk, at=case.deadline_at, zone=zones[case.organisation_id], made_at=case.opened_at,
            made_by_id=case.opened_by_id if case.opened_by_kind == "user" else None,
            ended="" if case.state == "open" else "withdrawn", ended_at=None if case.state == "open" else case.closed_at,
        )
        for case in cases.iterator()
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_waiting"), ("customers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Workaround",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField()),
                ("per_hour", models.TextField(default="")),
                ("currency", models.TextField(default="")),
                ("basis", models.TextField(default="")),
                ("people", models.PositiveIntegerField(null=True)),
                ("since_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="workarounds", to="cases.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_at", None)), fields=("case",), name="workaround_one_runs"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("currency", ""), ("per_hour", "")),
                            models.Q(("per_hour", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="workaround_money",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("zone", models.TextField()),
                ("kind", models.TextField(default="other")),
                ("words", models.TextField(default="")),
                ("loss", models.TextField(default="")),
                ("given", models.BooleanField(default=True)),
                ("v", models.PositiveIntegerField(default=0)),
                ("promise_id", models.BigIntegerField(null=True)),
                ("ended", models.TextField(default="")),
                ("ended_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deadlines", to="cases.case"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("ended", "")), fields=["at"], name="deadline_running"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended__in", ["", "met", "passed", "withdrawn"])), name="deadline_ended"
                    ),
                ],
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
