"""The canonical file of an e-receipt: the same receipt gives the same bytes.

Elements are named as the fields of the receipt in Vietnamese e-documents (KHMSBLai,
KHBLai, SBLai …); the order is fixed and nothing of the moment of writing is in it.
"""

import base64

from lxml import etree

#: Version of this file layout; a provider's addon maps it to the provider's own.
VERSION = "1.0"


def render(facts):
    """Return the file (bytes, canonical XML).

    :param dict facts: texts by element name; a list of dicts becomes repeated ``Dong``
        elements below the name
    """
    root = etree.Element("BLai", PBan=VERSION)
    _fill(root, facts)
    return etree.tostring(root, method="c14n2", with_comments=False)


def _fill(element, facts):
    for name, value in facts.items():
        child = etree.SubElement(element, name)
        if isinstance(value, list):
            for number, row in enumerate(value, start=1):
                _fill(etree.SubElement(child, "Dong", STT=str(number)), row)
        elif isinstance(value, dict):
            _fill(child, value)
        else:
            child.text = _clean(value)


def _clean(value):
    """Return a text without characters that XML cannot hold."""
    text = "" if value in (None, False) else str(value)
    return "".join(char for char in text if char in "\t\n" or ord(char) >= 32)


def encode(content):
    """Return bytes as Odoo's binary fields take them."""
    return base64.b64encode(content)
