"""Compares each addon's vi.po with the template that Odoo exports now.

compare_translations.py check FOLDER   names what is missing; fails when something is
compare_translations.py fix FOLDER     renews ADDON.pot and vi.po of each addon

FOLDER holds one ADDON.pot for each addon.
"""

import re
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent

# Official names stand in the data in Vietnamese: they are their own translation.
VIETNAMESE = re.compile(
    "[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]"
)
# A sentence that only cites a Vietnamese text of law is English.
ENGLISH = re.compile(r"\b(the|of|is|are|and|which|from|with|by|for)\b")


def is_english(text):
    return bool(ENGLISH.search(text.lower()))


def is_vietnamese(text):
    return bool(VIETNAMESE.search(text.lower())) and not is_english(text)


def translation_path(addon):
    return ROOT / addon / "i18n" / "vi.po"


def read_translation(addon):
    path = translation_path(addon)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=78)
    translation = polib.POFile(wrapwidth=78)
    translation.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "Language": "vi",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return translation


def shortcomings(template, translation):
    """What keeps a reader of the interface from meeting Vietnamese everywhere."""
    known = {entry.msgid: entry for entry in translation if not entry.obsolete}
    for wanted in template:
        if is_vietnamese(wanted.msgid):
            continue
        entry = known.get(wanted.msgid)
        if entry is None:
            yield "missing", wanted
        elif entry.fuzzy:
            yield "fuzzy", wanted
        elif not entry.msgstr or (
            entry.msgstr == entry.msgid and is_english(entry.msgid)
        ):
            yield "untranslated", wanted


def check(addon, template):
    """Print each shortcoming; return how many there are."""
    translation = read_translation(addon)
    found = list(shortcomings(template, translation))
    for kind, entry in found:
        where = entry.occurrences[0][0] if entry.occurrences else ""
        print(f"{addon}/i18n/vi.po: {kind}: {entry.msgid!r} ({where})")
    current = {entry.msgid for entry in template}
    for entry in translation:
        if entry.msgid not in current:
            print(f"{addon}/i18n/vi.po: no longer used: {entry.msgid!r}")
    return len(found)


def fix(addon, template):
    translation = read_translation(addon)
    translation.merge(template)
    for entry in translation.obsolete_entries():
        translation.remove(entry)
    for entry in translation:
        if not entry.msgstr and is_vietnamese(entry.msgid):
            entry.msgstr = entry.msgid
    translation.sort(key=lambda entry: entry.msgid)
    path = translation_path(addon)
    path.parent.mkdir(exist_ok=True)
    translation.save(str(path))
    template.save(str(path.parent / f"{addon}.pot"))
    return 0


def main(command, folder):
    action = {"check": check, "fix": fix}[command]
    paths = sorted(Path(folder).glob("*.pot"))
    wrong = sum(
        action(path.stem, polib.pofile(str(path), wrapwidth=78)) for path in paths
    )
    if wrong:
        sys.exit(
            f"cchc: {wrong} strings lack their Vietnamese: run 'make i18n FIX=1' "
            "and translate the empty entries of the vi.po files."
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
