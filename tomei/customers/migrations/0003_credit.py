"""Credit terms of contracts by version, and minutes excluded by hand."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_contact_room_role")]

    operations = [
        migrations.CreateModel(
            name="CreditExclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("minutes", models.PositiveIntegerField()),
                ("reason", models.TextField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("ended_by_id", models.BigIntegerField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_reason", models.TextField(default="")),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contract",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["contract", "month"], name="credit_exclusion_month")],
            },
        ),
        migrations.CreateModel(
            name="CreditVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("starts_on", models.DateField()),
                ("terms", models.JSONField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("reason", models.TextField(default="")),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contract",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("contract", "number"), name="credit_version_once")],
            },
        ),
    ]
