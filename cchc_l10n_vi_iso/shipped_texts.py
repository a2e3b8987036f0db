"""The Vietnamese of OCA's data that stands in fields without translation.

Names and templates of document pages, the name of the quality system, names of
sequences. Once Vietnamese is loaded they are written in Vietnamese in place of the
English, but only where they still stand as they came: a name or a template that an
office changed is its own.
"""

from pathlib import Path

import polib

from odoo.tools.translate import html_translate

LANG = "vi_VN"
PATH = Path(__file__).parent / "i18n_pages" / "vi.po"

#: External id of each record, and its fields.
TEXTS = {
    "document_page_procedure.document_page_group_procedure": ["name", "template"],
    "document_page_quality_manual.document_page_quality_manual": ["name", "template"],
    "mgmtsystem_action.seq_mgmtsystem_action": ["name"],
    "mgmtsystem_audit.seq_mgmtsystem_audit": ["name"],
    "mgmtsystem_manual.manuals": ["name"],
    "mgmtsystem_nonconformity.seq_mgmtsystem_nonconformity": ["name"],
    "mgmtsystem_quality.system_quality": ["name"],
    "mgmtsystem_review.seq_mgmtsystem_review": ["name"],
}


def read_terms():
    """Return the Vietnamese of each English term."""
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(PATH))}


def terms_of(text):
    """Return the terms of an HTML text; a text without tags is one term."""
    found = []
    html_translate(found.append, text)
    return found


def write_vietnamese(env):
    """Write the Vietnamese of each text all of whose terms are those that came."""
    known = read_terms()
    for xmlid, names in TEXTS.items():
        record = env.ref(xmlid, raise_if_not_found=False)
        if not record:
            continue
        record = record.sudo().with_context(tracking_disable=True)
        for name in names:
            terms = terms_of(record[name] or "")
            if terms and all(term in known for term in terms):
                record[name] = html_translate(known.get, record[name])
