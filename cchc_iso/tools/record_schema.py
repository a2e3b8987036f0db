"""The payload of a process record as XML, and its schema (XSD).

One description gives both, so that what is written is what the schema says. An element
that is missing is a value that is not known (``null``).
"""

import re

from lxml import etree

from .record_header import BOOLEAN, COLUMNS, INTEGER, MOMENT

NAMESPACE = "urn:cchc:process-record:1"
_XS = "http://www.w3.org/2001/XMLSchema"
#: What XML cannot hold stands there as U+FFFD.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

DATE, HASH, TEXT = "date", "hash", "text"
_SIMPLE = {
    INTEGER: "xs:integer",
    BOOLEAN: "xs:boolean",
    MOMENT: "xs:dateTime",
    DATE: "xs:date",
    HASH: "sha256",
    TEXT: "xs:string",
}


class Several:
    """A list of equal parts.

    :param item: name of one of them
    :param parts: what each holds
    """

    def __init__(self, item, **parts):
        self.item = item
        self.parts = parts


_PERSON = {"id": INTEGER, "name": TEXT}
_LIMIT = {"amount": TEXT, "unit": TEXT}

PAYLOAD = {
    "format": TEXT,
    "record": {
        name: {INTEGER: INTEGER, BOOLEAN: BOOLEAN, MOMENT: MOMENT}.get(kind, TEXT)
        for name, kind in COLUMNS.items()
    },
    "first": {"year": INTEGER, "number": INTEGER, "sha256": HASH},
    "agency": {"id": INTEGER, "code": TEXT, "name": TEXT},
    "dossier": {
        "id": INTEGER,
        "code": TEXT,
        "procedure_id": INTEGER,
        "procedure_code": TEXT,
        "procedure": TEXT,
        "version_id": INTEGER,
        "sector_id": INTEGER,
        "sector": TEXT,
        "channel": TEXT,
        "owner": TEXT,
        "department_id": INTEGER,
        "department": TEXT,
        "receiving_agency": TEXT,
        "parent": TEXT,
        "taken_over": BOOLEAN,
        "accepted_at": MOMENT,
        "clock_start_at": MOMENT,
        "first_due_at": MOMENT,
        "due_at": MOMENT,
        "statutory_due_at": MOMENT,
        "ended_at": MOMENT,
        "returned_at": MOMENT,
        "state": TEXT,
        "timeliness": TEXT,
        "statutory_timeliness": TEXT,
        "late_at": MOMENT,
        "late_reason": TEXT,
        "actual_minutes": INTEGER,
        "supplement_count": INTEGER,
        "extension_count": INTEGER,
    },
    "process": {
        "id": INTEGER,
        "code": TEXT,
        "name": TEXT,
        "valid_from": DATE,
        "committed": _LIMIT,
        "committed_minutes": INTEGER,
        "statutory": _LIMIT,
        "statutory_minutes": INTEGER,
        "issue": {
            "id": INTEGER,
            "code": TEXT,
            "issue_no": TEXT,
            "effective_from": DATE,
            "sha256": HASH,
        },
    },
    "steps": Several(
        "step",
        no=INTEGER,
        name=TEXT,
        role=TEXT,
        department=TEXT,
        planned_minutes=INTEGER,
        planned_end_at=MOMENT,
        state=TEXT,
        started_at=MOMENT,
        due_at=MOMENT,
        ended_at=MOMENT,
        actual_minutes=INTEGER,
        rounds=INTEGER,
        late=BOOLEAN,
        late_minutes=INTEGER,
        candidates=Several("candidate", **_PERSON),
        done_by={**_PERSON, "post": TEXT, "department": TEXT},
        on_behalf_of=_PERSON,
        right_person=BOOLEAN,
        right_by=TEXT,
        in_order=BOOLEAN,
        output=TEXT,
    ),
    "documents": Several(
        "document",
        code=TEXT,
        name=TEXT,
        kind=TEXT,
        source=TEXT,
        required=BOOLEAN,
        received=BOOLEAN,
        originals=INTEGER,
        copies=INTEGER,
        is_result=BOOLEAN,
        files=Several("file", name=TEXT, size=INTEGER, sha256=HASH),
    ),
    "papers": Several(
        "paper",
        form=TEXT,
        number=TEXT,
        edition=TEXT,
        issued_at=MOMENT,
        issued_by=_PERSON,
        signer=_PERSON,
        sha256=HASH,
        state=TEXT,
        void_reason=TEXT,
        replaced_by=TEXT,
    ),
    "pauses": Several(
        "pause",
        kind=TEXT,
        **{"from": MOMENT},
        to=MOMENT,
        minutes=INTEGER,
        expires_at=MOMENT,
        counts=BOOLEAN,
        content=TEXT,
    ),
    "extensions": Several(
        "extension",
        number=INTEGER,
        granted_at=MOMENT,
        by=_PERSON,
        due_before=MOMENT,
        due_at=MOMENT,
        reason=TEXT,
        content=TEXT,
        in_time=BOOLEAN,
    ),
    "approvals": Several(
        "approval",
        at=MOMENT,
        outcome=TEXT,
        tier=TEXT,
        by=_PERSON,
        on_behalf_of=_PERSON,
        post=TEXT,
        department=TEXT,
        content=TEXT,
    ),
    "fees": Several(
        "fee",
        name=TEXT,
        kind=TEXT,
        stated=BOOLEAN,
        due=INTEGER,
        paid=INTEGER,
        waived=INTEGER,
        exemption_percent=INTEGER,
        receipts=Several(
            "receipt",
            symbol=TEXT,
            number=TEXT,
            issued_at=MOMENT,
            amount=INTEGER,
            state=TEXT,
            nature=TEXT,
        ),
    ),
    "result": {
        "kind": TEXT,
        "signed_at": MOMENT,
        "signed_by": _PERSON,
        "on_behalf_of": _PERSON,
        "delivery": TEXT,
        "returned_at": MOMENT,
        "refusal": TEXT,
    },
    "events": {"count": INTEGER, "first_hash": HASH, "last_hash": HASH},
    "retention": {"rule": TEXT, "basis": TEXT, "years": INTEGER, "until": DATE},
}


def to_xml(payload, previous, sha256):
    """Return the XML bytes of a record.

    :raises KeyError: when the payload holds what the schema does not know
    """
    root = etree.Element(_tag("processRecord"), nsmap={None: NAMESPACE})
    root.set("previousSha256", previous)
    root.set("sha256", sha256)
    _fill(root, PAYLOAD, payload)
    return etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )


def _tag(name):
    return f"{{{NAMESPACE}}}{name}"


def _fill(element, parts, values):
    unknown = set(values) - set(parts)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    for name, kind in parts.items():
        if values.get(name) is not None:
            _append(element, name, kind, values[name])


def _append(parent, name, kind, value):
    element = etree.SubElement(parent, _tag(name))
    if isinstance(kind, Several):
        element.set("list", "true")
        if not value:
            element.set("empty", "list")
        for part in value:
            _fill(etree.SubElement(element, _tag(kind.item)), kind.parts, part)
    elif isinstance(kind, dict):
        _fill(element, kind, value)
    elif kind == BOOLEAN:
        element.text = "true" if value else "false"
    else:
        element.text = _NOT_XML.sub("\ufffd", str(value))


# ----------------------------------------------------------------------
# Schema
# ----------------------------------------------------------------------
def xsd():
    """Return the schema as bytes."""
    schema = etree.Element(
        _xs("schema"),
        nsmap={"xs": _XS, None: NAMESPACE},
        targetNamespace=NAMESPACE,
        elementFormDefault="qualified",
    )
    simple = etree.SubElement(schema, _xs("simpleType"), name="sha256")
    restriction = etree.SubElement(simple, _xs("restriction"), base="xs:string")
    etree.SubElement(restriction, _xs("pattern"), value="[0-9a-f]{64}")
    root = etree.SubElement(schema, _xs("element"), name="processRecord")
    type_ = _sequence(root, PAYLOAD)
    for name in ("previousSha256", "sha256"):
        etree.SubElement(
            type_, _xs("attribute"), name=name, type="sha256", use="required"
        )
    return etree.tostring(
        schema, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )


def _xs(name):
    return f"{{{_XS}}}{name}"


def _sequence(parent, parts):
    type_ = etree.SubElement(parent, _xs("complexType"))
    sequence = etree.SubElement(type_, _xs("sequence"))
    for name, kind in parts.items():
        element = etree.SubElement(sequence, _xs("element"), name=name, minOccurs="0")
        if isinstance(kind, Several):
            _list(element, kind)
        elif isinstance(kind, dict):
            _sequence(element, kind)
        else:
            element.set("type", _SIMPLE[kind])
    return type_


def _list(parent, kind):
    type_ = etree.SubElement(parent, _xs("complexType"))
    sequence = etree.SubElement(type_, _xs("sequence"))
    item = etree.SubElement(
        sequence,
        _xs("element"),
        name=kind.item,
        minOccurs="0",
        maxOccurs="unbounded",
    )
    _sequence(item, kind.parts)
    for name, value in (("list", "true"), ("empty", "list")):
        etree.SubElement(
            type_, _xs("attribute"), name=name, type="xs:string", fixed=value
        )


def validator():
    """Return the schema as lxml checks with it."""
    return etree.XMLSchema(etree.fromstring(xsd()))
