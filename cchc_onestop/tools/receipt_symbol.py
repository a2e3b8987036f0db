"""Symbols and numbers of e-receipts (NĐ 254/2026/NĐ-CP, TT 91/2026/TT-BTC).

The symbol of an e-receipt has five characters: two digits of the year, ``T`` and two
letters of the alphabet that the rule allows (26TAB). Its number has at most eight
digits, starts at 1 on 1 January or on the first use and ends on 31 December.
"""

import re

#: Letters allowed by TT 91/2026/TT-BTC; the rule in force may say otherwise.
ALPHABET = "ABCDEGHKLMNPQRSTUVXY"
MAX_DIGITS = 8


def problem(symbol, year, alphabet=ALPHABET):
    """Return what is wrong with the symbol of an e-receipt, or ``None``.

    :return: ``form`` (not two digits, T, two letters), ``letter`` (a letter that is
        not allowed) or ``year`` (another year)
    """
    match = re.fullmatch(r"(\d\d)T([A-Z])([A-Z])", symbol or "")
    if not match:
        return "form"
    if not set(match.groups()[1:]) <= set(alphabet):
        return "letter"
    if int(match[1]) != year % 100:
        return "year"
    return None


def render(number, digits=MAX_DIGITS):
    """Return the number as printed, with leading zeros.

    :raises ValueError: when the number has more digits than the rule allows
    """
    if not 0 < number < 10**digits:
        raise ValueError(f"The number {number} has more than {digits} digits.")
    return str(number).zfill(digits)


def next_year(symbol):
    """Return the symbol of the following year: 26TAB → 27TAB."""
    return f"{(int(symbol[:2]) + 1) % 100:02d}{symbol[2:]}"
