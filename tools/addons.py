"""Names of this repository's addons, and of what they depend on outside of it.

addons.py own [NAME...]   the addons that stand here; or the names given, checked
addons.py glue            the addons that join one of ours with an application of Odoo
addons.py depends         the addons of Odoo and OCA that they need
addons.py carried ADDON   the addons whose Vietnamese the addon carries; may be none
addons.py others          the addons of OCA whose tests must pass beside ours

Glue is not among "own" unless it is named: what it joins (invoicing …) would otherwise
be installed in every database of the suite.
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Of OCA's addons that ours extend, those whose tests take longer than they tell: these
# make models of their own, a minute's work.
SLOW = {"base_tier_validation"}


def manifests():
    """Manifest of each installable addon of the repository, by its name."""
    found = {}
    for path in sorted(ROOT.glob("*/__manifest__.py")):
        manifest = ast.literal_eval(path.read_text(encoding="utf-8"))
        if manifest.get("installable", True):
            found[path.parent.name] = manifest
    return found


def is_glue(name):
    """Whether an addon installs itself beside one of ours and something outside.

    An addon that carries the Vietnamese of others is none: it joins nothing.
    """
    if carries(name):
        return False
    own = manifests()
    depends = set(own[name]["depends"])
    return bool(
        own[name].get("auto_install") and depends & own.keys() and depends - own.keys()
    )


def own_addons():
    return [name for name in manifests() if not is_glue(name)]


def glue_addons():
    return [name for name in manifests() if is_glue(name)]


def outside_dependencies():
    own = {name: found for name, found in manifests().items() if not is_glue(name)}
    needed = {name for manifest in own.values() for name in manifest["depends"]}
    return sorted(needed - own.keys())


def carries(addon):
    """Whether an addon translates others."""
    return (ROOT / addon / "i18n_code").is_dir()


def carried(addon):
    """An addon with a folder i18n_code translates what it depends on outside."""
    if not carries(addon):
        return []
    own = manifests()
    return sorted(set(own[addon]["depends"]) - own.keys())


def others():
    """What our addons extend of OCA's is what they carry the Vietnamese of."""
    names = {name for addon in own_addons() for name in carried(addon)}
    return sorted(names - SLOW)


def main(command, *names):
    if command == "others":
        print(",".join(others()))
        return
    if command == "carried":
        print(*carried(names[0]))
        return
    if command == "depends":
        print(",".join(outside_dependencies()))
        return
    if command == "glue":
        print(",".join(glue_addons()))
        return
    own = own_addons()
    known = own + glue_addons()
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(
            f"cchc: there is no addon {unknown[0]} here: choose of {', '.join(known)}."
        )
    print(",".join(names or own))


if __name__ == "__main__":
    main(*sys.argv[1:])
