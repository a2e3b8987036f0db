"""dms without the bounded checks of this addon, to compare answers and cost."""

from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo.addons.dms.models.directory import DmsDirectory
from odoo.addons.dms.models.dms_file import DMSFile
from odoo.addons.dms.models.dms_security_mixin import DmsSecurityMixin

#: What this addon replaces, with the classes of dms that define it.
CHECKS = {
    "dms.file": {
        "_check_access_dms_record": DmsSecurityMixin,
        "_get_domain_by_inheritance": DmsSecurityMixin,
        "_check_name": DMSFile,
    },
    "dms.directory": {
        "_check_access_dms_record": DmsSecurityMixin,
        "_get_domain_by_inheritance": DmsSecurityMixin,
        "_check_name": DmsDirectory,
        "_compute_count_directories": DmsDirectory,
        "_compute_count_files": DmsDirectory,
        "_compute_size": DmsDirectory,
    },
}


@contextmanager
def dms_as_it_comes(env):
    """Inside, checks and counters are those of dms itself."""
    with ExitStack() as stack:
        for model, methods in CHECKS.items():
            for name, owner in methods.items():
                original = owner.__dict__[name]
                stack.enter_context(patch.object(env.registry[model], name, original))
        yield
