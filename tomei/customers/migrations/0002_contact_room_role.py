"""What a contact may do in the customer room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.AddField(model_name="contact", name="room_role", field=models.TextField(default="reader")),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(room_role__in=["reader", "answerer", "commander"]), name="contact_room_role"
            ),
        ),
    ]
