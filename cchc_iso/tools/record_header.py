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
    It is worked out for every record of a check: one ``concat``, no casts that it does
    not need. Days are read in the style ISO, which every connection of Odoo has.
    """
    parts = []
    for name, kind in sorted(COLUMNS.items()):
        start = f"""{"," if parts else '"record":{'}"{name}":"""
        parts += _part_sql(start, f"{alias}.{name}", kind)
    return f"""concat({", ".join([*parts, "'}'"])})"""


def _part_sql(start, column, kind):
    """Return the arguments of ``concat`` for one column; NULL adds nothing there."""
    if kind == BOOLEAN:
        return [
            f"CASE WHEN {column} THEN '{start}true' "
            f"WHEN NOT {column} THEN '{start}false' ELSE '{start}null' END"
        ]
    if kind == TEXT:
        return [f"'{start}'", f"coalesce(to_json({column})::text, 'null')"]
    quote = "" if kind == INTEGER else '"'
    parts = [f"CASE WHEN {column} IS NULL THEN '{start}null' ELSE '{start}{quote}' END"]
    if kind == MOMENT:
        between = f"CASE WHEN {column} IS NOT NULL THEN 'T' END"
        parts += [f"{column}::date", between, f"{column}::time"]
        quote = 'Z"'
    else:
        parts.append(column)
    if quote:
        parts.append(f"CASE WHEN {column} IS NOT NULL THEN '{quote}' END")
    return parts
