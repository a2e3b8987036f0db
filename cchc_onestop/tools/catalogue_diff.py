"""Comparing the content of two versions of a procedure given as plain values."""

# Marks of the catalogue, not content of the procedure.
_MARKS = frozenset({"to_confirm"})
_EMPTY = (None, False, "", 0, 0.0, [], {})


def _plain(value):
    """Return ``value`` in a form that compares by content only."""
    if isinstance(value, dict):
        return {
            key: _plain(item)
            for key, item in value.items()
            if key not in _MARKS and (item not in _EMPTY or key == "is_stated")
        }
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return "\n".join(" ".join(line.split()) for line in value.strip().splitlines())
    if value in _EMPTY:
        return False
    return value


def _comparable(name, value):
    plain = _plain(value)
    if name == "subjects" and plain:
        return sorted(plain)
    if name == "legal_bases" and plain:
        return sorted(row.get("number", "") for row in plain)
    return plain or False


def differences(old, new):
    """Return ``[(key, old value, new value)]`` of the content that differs.

    Marks such as "to be confirmed", the order of applicants and legal bases, white
    space and the difference between empty and missing do not count.
    """
    keys = list(dict.fromkeys([*new, *old]))
    return [
        (key, old.get(key), new.get(key))
        for key in keys
        if old.get(key) != new.get(key)
        and _comparable(key, old.get(key)) != _comparable(key, new.get(key))
    ]


def describe(label, before, after):
    """Return one difference: in a line when short, else only the lines that differ."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) <= 1 and len(new) <= 1:
        return f"{label}: {before or '∅'} → {after or '∅'}"
    lines = [f"− {line}" for line in old if line not in new]
    lines += [f"+ {line}" for line in new if line not in old]
    return "\n".join([f"{label}:", *lines])


def summarise(text):
    """Return only what differs, without how: the labels of :func:`describe`.

    >>> summarise("Name: a → b\\nParts:\\n− one\\n+ two\\nReplaced by 1.000001")
    'Name; Parts; Replaced by 1.000001'
    """
    labels = []
    for line in (text or "").splitlines():
        if line.startswith(("− ", "+ ")):
            continue
        label = line.partition(": ")[0] if " → " in line else line
        labels.append(label.rstrip(":"))
    return "; ".join(labels)
