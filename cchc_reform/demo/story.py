"""The reform work of the demo agencies, told by the product's own methods.

Each part is a module ``cchc_reform_demo_<part>.py`` with ``tell(env)``; ``env`` is that
of the manager of the demo commune.
"""

import importlib

#: What a part leans on comes before it.
PARTS = (
    # plan, year, index, report, agencies
    "plan",
    "year",
    "report",
    "index",
    "agencies",
)


def tell(env, parts=None):
    """Tell the parts, all of them or those named."""
    for part in parts or PARTS:
        module = importlib.import_module(f"{__package__}.cchc_reform_demo_{part}")
        module.tell(env)
