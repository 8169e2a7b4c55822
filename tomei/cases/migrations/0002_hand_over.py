"""A role on its way from one person to another, and what the clock said about long shifts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("roleholding", "offered_at", models.DateTimeField(null=True)),
        migrations.AddField("roleholding", "insisted_at", models.DateTimeField(null=True)),
        migrations.AddIndex("roleholding", models.Index(fields=["user", "joined_at"], name="role_user")),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.TextField()),
                ("started_at", models.DateTimeField()),
                ("started_by_id", models.BigIntegerField(null=True)),
                ("decide_at", models.DateTimeField(null=True)),
                ("state", models.TextField(default="open")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "from_user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="cases.incident",
                    ),
                ),
                (
                    "to_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["incident", "-id"], name="hand_over_incident")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "accepted", "declined", "withdrawn"])),
                        name="hand_over_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("incident", "role", "from_user"),
                        name="hand_over_once",
                    ),
                ],
            },
        ),
    ]
