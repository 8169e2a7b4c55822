import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_stakes"), ("customers", "0003_credit")]

    operations = [
        migrations.CreateModel(
            name="CustomerWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField()),
                ("told_by", models.TextField(default="")),
                ("recorded_by_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.contact",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClosingAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("heard_first", models.TextField()),
                ("always_informed", models.TextField()),
                ("will_not_return", models.TextField()),
                ("words", models.TextField(default="")),
                ("made_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.contact",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "contact"), name="closing_answer_once")],
            },
        ),
    ]
