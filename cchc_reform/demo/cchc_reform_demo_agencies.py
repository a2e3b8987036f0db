"""Tells the five reports; see ``agencies``."""

from .agencies import ben_cat, hai_truong, kim_long, nghia_lo, thuong_loc

AGENCIES = (thuong_loc, ben_cat, nghia_lo, hai_truong, kim_long)


def tell(env):
    """Make the five agencies that are not there yet."""
    for agency in AGENCIES:
        agency.tell(env)
