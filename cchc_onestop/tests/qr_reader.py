"""Reads the QR codes of our papers: an undamaged picture of one code, error
correction level L.

Independent of the library that writes them: modules are sampled from the picture, the
mask is read from the format bits, and the data bits are walked by ISO/IEC 18004.
"""

from PIL import Image

#: Error correction blocks of level L: version → ((blocks, data codewords), …).
_BLOCKS_L = {
    1: ((1, 19),),
    2: ((1, 34),),
    3: ((1, 55),),
    4: ((1, 80),),
    5: ((1, 108),),
    6: ((2, 68),),
    7: ((2, 78),),
    8: ((2, 97),),
    9: ((2, 116),),
    10: ((2, 68), (2, 69)),
    11: ((4, 81),),
    12: ((2, 92), (2, 93)),
    13: ((4, 107),),
    14: ((3, 115), (1, 116)),
    15: ((5, 87), (1, 88)),
    16: ((5, 98), (1, 99)),
    17: ((1, 107), (5, 108)),
    18: ((5, 120), (1, 121)),
}
_ALIGNMENT = {
    1: (),
    2: (6, 18),
    3: (6, 22),
    4: (6, 26),
    5: (6, 30),
    6: (6, 34),
    7: (6, 22, 38),
    8: (6, 24, 42),
    9: (6, 26, 46),
    10: (6, 28, 50),
    11: (6, 30, 54),
    12: (6, 32, 58),
    13: (6, 34, 62),
    14: (6, 26, 46, 66),
    15: (6, 26, 48, 70),
    16: (6, 26, 50, 74),
    17: (6, 30, 54, 78),
    18: (6, 30, 56, 82),
}
_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)


def read(picture: Image.Image) -> str:
    """Return the text of the one QR code in ``picture``."""
    modules = _modules(picture)
    size = len(modules)
    version = (size - 17) // 4
    words = _codewords(modules, size, version)
    data = _deinterleave(words, _BLOCKS_L[version])
    return _text("".join(f"{word:08b}" for word in data), version).decode()


def _text(bits, version):
    """Return the bytes of the segments (numbers, letters, bytes) of the data bits."""
    wide = version >= 10
    position, found = 0, b""

    def take(count):
        nonlocal position
        value = int(bits[position : position + count] or "0", 2)
        position += count
        return value

    while position + 4 <= len(bits) and (mode := take(4)):
        if mode == 0b0100:
            count = take(16 if wide else 8)
            found += bytes(take(8) for _byte in range(count))
        elif mode == 0b0010:
            count = take(11 if wide else 9)
            while count > 1:
                pair = take(11)
                found += _LETTERS[pair // 45 : pair // 45 + 1]
                found += _LETTERS[pair % 45 : pair % 45 + 1]
                count -= 2
            if count:
                last = take(6)
                found += _LETTERS[last : last + 1]
        elif mode == 0b0001:
            count = take(12 if wide else 10)
            while count:
                digits = min(count, 3)
                found += f"{take((0, 4, 7, 10)[digits]):0{digits}d}".encode()
                count -= digits
        else:
            raise ValueError(f"unknown mode {mode:04b}")
    return found


def _modules(picture):
    """Return the rows of modules, 1 for dark."""
    gray = picture.convert("L")
    dark = gray.point(lambda value: 255 if value < 128 else 0)
    left, top, right, bottom = dark.getbbox()
    # The finder pattern begins with seven dark modules.
    run = next(
        offset
        for offset in range(right - left)
        if not dark.getpixel((left + offset, top))
    )
    pitch = run / 7
    size = round((right - left) / pitch)
    size = 17 + 4 * round((size - 17) / 4)
    pitch = (right - left) / size
    return [
        [
            int(
                dark.getpixel(
                    (int(left + (c + 0.5) * pitch), int(top + (r + 0.5) * pitch))
                )
                > 0
            )
            for c in range(size)
        ]
        for r in range(size)
    ]


def _mask(modules):
    """Return the mask function that the format bits beside the first finder name."""
    bits = [modules[8][c] for c in range(5)]
    value = int("".join(map(str, bits)), 2) ^ 0b10101
    if value >> 3 != 0b01:
        raise ValueError("not of error correction level L")
    return _MASKS[value & 0b111]


def _reserved(size, version):
    """Return the set of cells that hold no data."""
    cells = set()

    def block(top, left, height, width):
        cells.update(
            (r, c)
            for r in range(max(top, 0), min(top + height, size))
            for c in range(max(left, 0), min(left + width, size))
        )

    block(0, 0, 9, 9)
    block(0, size - 8, 9, 8)
    block(size - 8, 0, 8, 9)
    block(6, 0, 1, size)
    block(0, 6, size, 1)
    places = _ALIGNMENT[version]
    for row in places:
        for column in places:
            corner = {(6, 6), (6, places[-1]), (places[-1], 6)}
            if (row, column) not in corner:
                block(row - 2, column - 2, 5, 5)
    if version >= 7:
        block(0, size - 11, 6, 3)
        block(size - 11, 0, 3, 6)
    return cells


def _codewords(modules, size, version):
    """Walk the data cells in their zigzag and return the codewords."""
    mask, reserved = _mask(modules), _reserved(size, version)
    bits = []
    column, upward = size - 1, True
    while column > 0:
        if column == 6:
            column -= 1
        rows = range(size - 1, -1, -1) if upward else range(size)
        for row in rows:
            for c in (column, column - 1):
                if (row, c) not in reserved:
                    bits.append(modules[row][c] ^ mask(row, c))
        column, upward = column - 2, not upward
    return [
        int("".join(map(str, bits[i : i + 8])), 2) for i in range(0, len(bits) - 7, 8)
    ]


def _deinterleave(words, blocks):
    """Return the data codewords in order."""
    lengths = [length for count, length in blocks for _block in range(count)]
    parts = [[] for _length in lengths]
    stream = iter(words)
    for position in range(max(lengths)):
        for part, length in zip(parts, lengths, strict=True):
            if position < length:
                part.append(next(stream))
    return [word for part in parts for word in part]
