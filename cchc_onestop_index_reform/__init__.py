from . import models


def uninstall_hook(env):
    """Let reports, targets and criteria go on without the figures of this addon."""
    env["cchc.reform.metric"]._retire_of("cchc_onestop_index_reform")
