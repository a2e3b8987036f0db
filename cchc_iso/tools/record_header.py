"""What a process record repeats of its payload in columns, to search and to count.

The payload is what was hashed; the columns only stand beside it. Each of them is
named here with its kind, so that the part ``record`` of the payload can be worked out
from the columns again: in Python when the record is written, in SQL when a million of
them are checked.
"""

from datetime import datetime

INTEGER, BOOLEAN, MOMENT, KEY, TEXT = "integer", "boolean", "moment", "key", "text"

#: Columns of ``cchc.iso.record`` that stand in the part ``record`` of the payload.
COLUMNS = {
    "accepted_at": MOMENT,
    "actual_minutes": INTEGER,
    "code": TEXT,
    "committed_minutes": INTEGER,
    "company_id": INTEGER,
    "content_sha256": KEY,
    "department_id": INTEGER,
    "dossier_id": INTEGER,
    "ended_at": MOMENT,
    "event_count": INTEGER,
    "event_hash": KEY,
    "first_id": INTEGER,
    "is_late": BOOLEAN,
    "issue_id": INTEGER,
    "kind": KEY,
    "late_step_count": INTEGER,
    "number": INTEGER,
    "out_of_order_count": INTEGER,
    "procedure_id": INTEGER,
    "process_id": INTEGER,
    "recorded_at": MOMENT,
    "sector_id": INTEGER,
    "state": KEY,
    "step_count": INTEGER,
    "supplement_count": INTEGER,
    "supplement_no": INTEGER,
    "timeliness": KEY,
    "wrong_person_count": INTEGER,
    "year": INTEGER,
}


def moment(value):
    """Return a stored moment (naive UTC) as it stands in a payload."""
    return value.isoformat(timespec="seconds") + "Z" if value else None


def stored(text):
    """Return the naive UTC moment of a payload's text."""
    return datetime.fromisoformat(text.removesuffix("Z")) if text else None


def header(vals):
    """Return the part ``record`` of a payload for these column values.

    :param dict vals: values of all :data:`COLUMNS`; moments as naive UTC
    """
    return {
        name: moment(vals[name]) if kind == MOMENT else vals[name]
        for name, kind in COLUMNS.items()
    }


def header_sql(alias):
    """Return the SQL expression of the canonical JSON of the part ``record``.

    Keys stand in the order of the canonical form, so the text occurs in the payload
    as it is; a text inside a JSON string cannot look like it, its quotes are escaped.
    """
    parts = [
        f"""'"{name}":' || {_value_sql(f"{alias}.{name}", kind)}"""
        for name, kind in sorted(COLUMNS.items())
    ]
    return """'"record":{' || """ + " || ',' || ".join(parts) + " || '}'"


def _value_sql(column, kind):
    text = {
        INTEGER: f"{column}::text",
        BOOLEAN: f"{column}::text",
        MOMENT: (f"""'"' || to_char({column}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '"'"""),
        KEY: f"""'"' || {column} || '"'""",
        TEXT: f"to_json({column})::text",
    }[kind]
    return f"coalesce({text}, 'null')"
