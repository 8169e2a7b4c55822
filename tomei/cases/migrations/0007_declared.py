"""What a customer declared from the room: the sentence, since when, how many, who leads, and what they contest."""

import django.db.models.deletion
from django.db import migrations, models

_CONTACT = {"null": True, "on_delete": django.db.models.deletion.SET_NULL, "related_name": "+"}
_SERVICE = {"null": True, "on_delete": django.db.models.deletion.PROTECT, "related_name": "+"}


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_impact_versions"), ("customers", "0003_credit")]

    operations = [
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("test", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("users", models.PositiveIntegerField(null=True)),
                ("lead_at", models.DateTimeField(null=True)),
                ("contested_at", models.DateTimeField(null=True)),
                ("contested_to", models.TextField(default="")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="declaration", to="cases.case"
                    ),
                ),
                ("component", models.ForeignKey(to="customers.component", **_SERVICE)),
                ("contact", models.ForeignKey(to="customers.contact", **_CONTACT)),
                ("lead_contact", models.ForeignKey(to="customers.contact", **_CONTACT)),
                ("product", models.ForeignKey(to="customers.product", **_SERVICE)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("contested_at", None)) | models.Q(("contested_to", ""), _negated=True),
                        name="contest_has_level",
                    )
                ],
            },
        ),
    ]
