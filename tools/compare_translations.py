"""Compares each addon's vi.po with the template that Odoo exports now.

compare_translations.py check FOLDER   names what is missing, and fields that two addons
                                       call differently; fails when there is something
compare_translations.py fix FOLDER     renews ADDON.pot and vi.po of each addon

FOLDER holds one ADDON.pot for each addon.

Of an addon that carries the Vietnamese of others (see addons.py), i18n/vi.po holds the
terms of their records, which Odoo finds by external id, and for each of them
i18n_code/OTHER/i18n_extra/vi_VN.po the terms of its code.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

import polib
from addons import carried

ROOT = Path(__file__).resolve().parent.parent

# Official names stand in the data in Vietnamese: they are their own translation.
VIETNAMESE = re.compile(
    "[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]"
)
# A sentence that only cites a Vietnamese text of law is English.
ENGLISH = re.compile(r"\b(the|of|is|are|and|which|from|with|by|for)\b")

# A field, or a choice of one: what of it is translated and its name in every addon.
FIELD = re.compile(r"^model:ir\.model\.fields(?:\.selection)?,(\w+):\w+\.(\w+)$")

INSTALLED = re.compile(r"^code:addons/.*/odoo/addons/")


def is_english(text):
    return bool(ENGLISH.search(text.lower()))


def is_vietnamese(text):
    return bool(VIETNAMESE.search(text.lower())) and not is_english(text)


def read_template(path):
    """What Odoo exported; without the paths of this machine.

    The exporter also walks through the links of the work tree to the installed addons.
    """
    template = polib.pofile(str(path), wrapwidth=78)
    for entry in template:
        entry.occurrences = list(
            dict.fromkeys(
                (INSTALLED.sub("code:addons/", where), line)
                for where, line in entry.occurrences
            )
        )
    return template


def is_code_of(occurrence, addon):
    return occurrence[0].startswith(f"code:addons/{addon}/")


def part_of(template, wanted, module=None):
    """The entries that occur where `wanted` says; as terms of the module, if given."""
    part = polib.POFile(wrapwidth=78)
    part.header = template.header
    part.metadata = template.metadata
    for entry in template:
        occurrences = [each for each in entry.occurrences if wanted(each)]
        if not occurrences:
            continue
        lines = entry.comment.split("\n")
        if module:
            lines[0] = f"module: {module}"
        elif all(where.startswith("model") for where, _line in occurrences):
            del lines[1:]
        part.append(
            polib.POEntry(
                msgid=entry.msgid, comment="\n".join(lines), occurrences=occurrences
            )
        )
    return part


def parts(addon, template):
    """Path of each translation file of the addon, with the template for it."""
    path = ROOT / addon / "i18n" / "vi.po"
    others = carried(addon)
    if not others:
        yield path, template
        return
    yield (
        path,
        part_of(
            template,
            lambda occurrence: not any(is_code_of(occurrence, name) for name in others),
        ),
    )
    for name in others:
        part = part_of(
            template, lambda occurrence, name=name: is_code_of(occurrence, name), name
        )
        if part:
            yield ROOT / addon / "i18n_code" / name / "i18n_extra" / "vi_VN.po", part


def read_translation(path):
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


def check(path, template):
    """Print each shortcoming; return how many there are."""
    translation = read_translation(path)
    name = path.relative_to(ROOT)
    found = list(shortcomings(template, translation))
    for kind, entry in found:
        where = entry.occurrences[0][0] if entry.occurrences else ""
        print(f"{name}: {kind}: {entry.msgid!r} ({where})")
    current = {entry.msgid for entry in template}
    for entry in translation:
        if entry.msgid not in current:
            print(f"{name}: no longer used: {entry.msgid!r}")
    return len(found)


def disagreements():
    """Fields that several addons extend and whose word differs among them.

    Odoo shows the word of the addon that it loaded last.
    """
    words = defaultdict(dict)
    for path in sorted(ROOT.glob("cchc_*/i18n/vi.po")):
        for entry in read_translation(path):
            for where, _line in entry.occurrences:
                if match := FIELD.match(where):
                    words[match.groups(), entry.msgid].setdefault(entry.msgstr, path)
    for ((_kind, field), _msgid), found in words.items():
        if len(found) > 1:
            yield field, found


def disagree(field, found):
    told = ", ".join(
        f"{word!r} in {path.parent.parent.name}" for word, path in found.items()
    )
    print(f"{field}: {told}")


def fix(path, template):
    translation = read_translation(path)
    translation.merge(template)
    for entry in translation.obsolete_entries():
        translation.remove(entry)
    for entry in translation:
        if not entry.msgstr and is_vietnamese(entry.msgid):
            entry.msgstr = entry.msgid
    translation.sort(key=lambda entry: entry.msgid)
    path.parent.mkdir(parents=True, exist_ok=True)
    translation.save(str(path))
    # The template of an addon; terms of code alone need none.
    if path.parent.name == "i18n":
        template.save(str(path.with_name(f"{path.parent.parent.name}.pot")))
    return 0


def main(command, folder):
    action = {"check": check, "fix": fix}[command]
    paths = sorted(Path(folder).glob("*.pot"))
    wrong = sum(
        action(path, part)
        for template in paths
        for path, part in parts(template.stem, read_template(template))
    )
    different = list(disagreements()) if command == "check" else []
    for field, found in different:
        disagree(field, found)
    if different:
        sys.exit("cchc: one field must have one Vietnamese word in all addons.")
    if wrong:
        sys.exit(
            f"cchc: {wrong} strings lack their Vietnamese: run 'make i18n FIX=1' "
            "and translate the empty entries of the vi.po files."
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
