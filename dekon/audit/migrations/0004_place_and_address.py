"""Whose data a row is about where that is no single satker, and the network address it came from.

Both are hashed where they are not empty, so that rows from before keep their bodies. The plain text and its end are now
compared whole, not only where they begin.
"""

from typing import ClassVar

from django.db import migrations, models

HASH_BOTH = """
CREATE OR REPLACE FUNCTION audit_details_hash(e audit_event) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(
        e.salt || audit_part(e.actor_name) || audit_part(e.on_behalf_of) || audit_part(e.subject_name)
        || audit_part(e.reason) || audit_part(e.before::text) || audit_part(e.after::text)
        || CASE WHEN e.address = '' THEN '' ELSE audit_part(e.address) END, 'UTF8')), 'hex')
$$;
CREATE OR REPLACE FUNCTION audit_plain_body(e audit_event) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat_ws(chr(9), e.id, to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(e.actor_id::text, ''), e.action, e.subject_type, e.subject_id, e.satker_code, e.origin, e.request_id,
        nullif(e.place, ''))
$$;
"""

HASH_NEITHER = """
CREATE OR REPLACE FUNCTION audit_details_hash(e audit_event) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(
        e.salt || audit_part(e.actor_name) || audit_part(e.on_behalf_of) || audit_part(e.subject_name)
        || audit_part(e.reason) || audit_part(e.before::text) || audit_part(e.after::text), 'UTF8')), 'hex')
$$;
CREATE OR REPLACE FUNCTION audit_plain_body(e audit_event) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat_ws(chr(9), e.id, to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(e.actor_id::text, ''), e.action, e.subject_type, e.subject_id, e.satker_code, e.origin, e.request_id)
$$;
"""


class Migration(migrations.Migration):
    """Two columns, and the functions that hash them."""

    dependencies: ClassVar = [("audit", "0003_chain")]
    operations: ClassVar = [
        migrations.AddField("event", "place", models.CharField(max_length=10, blank=True, default="", db_default="")),
        migrations.AddField("event", "address", models.CharField(max_length=45, blank=True, default="", db_default="")),
        migrations.RemoveConstraint("event", "audit_event_codes_plain"),
        migrations.AddConstraint(
            "event",
            models.CheckConstraint(
                name="audit_event_codes_plain",
                condition=models.Q(
                    *(
                        ~models.Q(**{f"{field}__regex": r"[\t\n]"})
                        for field in (
                            "action", "subject_type", "subject_id", "satker_code", "origin", "request_id", "place",
                        )
                    )
                ),
            ),
        ),
        migrations.RunSQL(HASH_BOTH, HASH_NEITHER),
        migrations.AddIndex(
            "event", models.Index(fields=["satker_code", "-id"], name="audit_event_satker"),
        ),
    ]  # fmt: skip
