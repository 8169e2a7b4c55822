"""Sign-ins, devices and feed keys of contacts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0002_contact_room_role"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("salt", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.contact"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Gate",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="room_gate_at")],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.TextField(unique=True)),
                ("salt", models.TextField()),
                ("browser", models.TextField(unique=True)),
                ("address", models.TextField()),
                ("language", models.TextField()),
                ("next", models.TextField()),
                ("keep", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["asked_at"], name="room_signin_asked")],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.TextField(unique=True)),
                ("address", models.TextField()),
                ("name", models.TextField(default="")),
                ("kept", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.contact"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["address", "-id"], name="room_device_address"),
                    models.Index(fields=["ends_at"], name="room_device_ends"),
                ],
            },
        ),
    ]
