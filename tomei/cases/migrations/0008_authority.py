"""Authority cards in versions: what may be done without asking, what needs whom, what never."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_declared"), ("customers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AuthorityVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("lines", models.JSONField()),
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
                    models.UniqueConstraint(fields=("product", "number"), name="authority_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("product", None)), fields=("number",), name="authority_number_of_all"
                    ),
                ],
            },
        ),
    ]
