"""What customers ask of us beside the repair, and our answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_hand_over"),
        ("customers", "0003_credit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True)),
                ("clause", models.TextField(default="")),
                ("kind", models.TextField()),
                ("words", models.TextField()),
                ("amount", models.TextField(default="")),
                ("currency", models.TextField(default="")),
                ("heard_at", models.DateTimeField()),
                ("heard_from", models.TextField(default="")),
                ("due_at", models.DateTimeField()),
                ("promise_id", models.BigIntegerField(null=True)),
                ("state", models.TextField(default="open")),
                ("outcome", models.TextField(default="")),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("told_to", models.TextField(default="")),
                ("settled_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("closing", models.TextField(default="")),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contract",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.organisation"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClaimAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("outcome", models.TextField()),
                ("words", models.JSONField()),
                ("amount", models.TextField(default="")),
                ("currency", models.TextField(default="")),
                ("state", models.TextField(default="proposed")),
                ("author_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="cases.claim",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(condition=models.Q(("state", "open")), fields=["due_at", "id"], name="claim_open_due"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["state", "-id"], name="claim_of_state"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "answered", "settled", "withdrawn"])), name="claim_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount", ""), ("currency", "")), models.Q(("amount", ""), _negated=True), _connector="OR"
                ),
                name="claim_money",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimanswer",
            constraint=models.UniqueConstraint(fields=("claim", "number"), name="claim_answer_once"),
        ),
        migrations.AddConstraint(
            model_name="claimanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "approved"])),
                fields=("claim",),
                name="claim_answer_one_open",
            ),
        ),
    ]
