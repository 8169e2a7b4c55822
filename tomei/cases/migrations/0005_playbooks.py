"""Checklists of roles in versions."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_duties"), ("customers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PlaybookVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.TextField()),
                ("number", models.PositiveIntegerField()),
                ("steps", models.JSONField()),
                ("reason", models.TextField(default="")),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.product",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("role", "product", "number"), name="playbook_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("product", None)), fields=("role", "number"), name="playbook_number_of_all"
                    ),
                ],
            },
        ),
    ]
