"""Who set a second factor up, replaced it or took it away is on record; the secrets and each use of them are not."""

from django.db import migrations

UNTOLD = "drift last_t last_used_at throttling_failure_timestamp throttling_failure_count"
DEVICES = {"otp_totp_totpdevice": f"key {UNTOLD}", "otp_static_staticdevice": UNTOLD}


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0001_attempts"),
        ("claims", "0008_history"),
        ("otp_totp", "0003_add_timestamps"),
        ("otp_static", "0003_add_timestamps"),
    ]
    operations = [
        migrations.RunSQL(
            "".join(
                f"SELECT rashomon_track('{table}', 'user', 'user_id', hidden => '{hidden}', viewed => false);\n"
                for table, hidden in DEVICES.items()
            ),
            "".join(f"SELECT rashomon_untrack('{table}');\n" for table in DEVICES),
        ),
    ]
