"""Numbers of tasks in a plan as they are printed: I.1, I.1.a (plain Python)."""

from itertools import count

ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
#: Letters as Vietnamese outlines use them: đ follows d; f, j, w and z are left out.
LETTERS = "abcdđeghiklmnopqrstuvxy"


def roman(number):
    """Return a positive number in Roman digits: 4 is ``IV``."""
    if number < 1:
        raise ValueError(f"no Roman number for {number}")
    text = ""
    for value, digits in ROMAN:
        times, number = divmod(number, value)
        text += digits * times
    return text


def letter(number):
    """Return the letter of a sub-item: 1 is ``a``, 5 ``đ``, 24 ``aa``."""
    if number < 1:
        raise ValueError(f"no letter for {number}")
    text = ""
    while number:
        number, rest = divmod(number - 1, len(LETTERS))
        text = LETTERS[rest] + text
    return text


def number_tasks(tasks, kept=None):
    """Return ``{task: number}`` for rows in the order of the plan.

    :param tasks: triples (key, area number, key of the task above or ``None``); a task
        stands after the one above it
    :param kept: ``{key: number}`` of tasks that keep the number they were printed with
    """
    numbers = dict(kept or {})
    taken = set(numbers.values())
    following = {}
    for key, area, parent in tasks:
        if key in numbers:
            continue
        above = area if parent is None else numbers[parent]
        word = str if parent is None else letter
        counter = following.setdefault((above, parent is None), count(1))
        number = None
        while number is None or number in taken:
            part = word(next(counter))
            number = f"{above}.{part}" if above else part
        numbers[key] = number
        taken.add(number)
    return numbers
