"""Whether personal data may have been exposed, and the duties by law that follow."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_claims")]

    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.TextField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("kind", models.TextField()),
                ("stage", models.TextField(default="")),
                ("jurisdiction", models.TextField()),
                ("name", models.JSONField()),
                ("source", models.TextField()),
                ("aware_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("promise_id", models.BigIntegerField(null=True)),
                ("state", models.TextField(default="open")),
                ("made_at", models.DateTimeField()),
                ("fulfilled_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_id", models.BigIntegerField(null=True)),
                ("reference", models.TextField(default="")),
                ("link", models.TextField(default="")),
                ("late_reason", models.TextField(default="")),
                ("asked_by_id", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("asked_reason", models.TextField(default="")),
                (
                    "incident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.incident",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DutyRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField()),
                ("number", models.PositiveIntegerField()),
                ("kind", models.TextField()),
                ("name", models.JSONField()),
                ("source", models.TextField()),
                ("amount", models.PositiveIntegerField()),
                ("unit", models.TextField()),
                ("zone", models.TextField()),
                ("is_ended", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Exposure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("answer", models.TextField()),
                ("aware_at", models.DateTimeField(null=True)),
                ("jurisdictions", models.JSONField(default=list)),
                ("wrongful", models.BooleanField(default=False)),
                ("high_risk", models.BooleanField(default=False)),
                ("capacity", models.TextField(default="controller")),
                ("reason", models.TextField(default="")),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.incident",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(condition=models.Q(("state", "open")), fields=["due_at", "id"], name="duty_open_due"),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["incident", "id"], name="duty_incident"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "fulfilled", "withdrawn"])), name="duty_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organisation__isnull", False), ("state", "open")),
                fields=("incident", "rule", "organisation"),
                name="duty_open_once_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organisation", None), ("state", "open")),
                fields=("incident", "rule"),
                name="duty_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyrule",
            constraint=models.UniqueConstraint(fields=("code", "number"), name="duty_rule_once"),
        ),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.UniqueConstraint(fields=("incident", "number"), name="exposure_once"),
        ),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer__in", ["no", "perhaps", "yes"])), name="exposure_answer"
            ),
        ),
    ]
