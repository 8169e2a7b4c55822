"""A promise may hang on a planned maintenance: one root more, still exactly one of all."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("comms", "0004_maintenance"),
        ("promises", "0002_step_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="promise",
            name="maintenance",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="comms.maintenance",
            ),
        ),
        migrations.RemoveConstraint(model_name="promise", name="promise_hangs_on_one"),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                name="promise_hangs_on_one",
                condition=(
                    Q(incident__isnull=False, case=None, customer=None, signal_group=None, maintenance=None)
                    | Q(incident=None, case__isnull=False, customer=None, signal_group=None, maintenance=None)
                    | Q(incident=None, case=None, customer__isnull=False, signal_group=None, maintenance=None)
                    | Q(incident=None, case=None, customer=None, signal_group__isnull=False, maintenance=None)
                    | Q(incident=None, case=None, customer=None, signal_group=None, maintenance__isnull=False)
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=~Q(maintenance=None), fields=["maintenance", "state"], name="promise_maintenance"
            ),
        ),
    ]
