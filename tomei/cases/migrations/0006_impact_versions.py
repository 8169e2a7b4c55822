"""A wrong interval of harm is corrected by a new version; the old one is kept, void."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_playbooks")]

    operations = [
        migrations.AddField(
            model_name="incidentcomponent",
            name="void_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="incidentcomponent",
            name="replaced_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.incidentcomponent",
            ),
        ),
    ]
