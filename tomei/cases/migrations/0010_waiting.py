import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_evidence"),
        ("customers", "0003_credit"),
    ]

    operations = [
        migrations.CreateModel(
            name="BallMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("party", models.TextField()),
                ("reason", models.TextField(default="")),
                ("since_at", models.DateTimeField()),
                ("promise_id", models.BigIntegerField(null=True)),
                ("flagged", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.incident"
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("party__in", ["us", "customer", "vendor", "nobody"])),
                        name="ball_party_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case", None), ("incident__isnull", False)),
                            models.Q(("case__isnull", False), ("incident", None)),
                            _connector="OR",
                        ),
                        name="ball_hangs_on_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation", None), ("party__in", ["us", "nobody"])),
                            models.Q(("organisation__isnull", False), ("party__in", ["customer", "vendor"])),
                            _connector="OR",
                        ),
                        name="ball_party_named",
                    ),
                ],
            },
        ),
    ]
