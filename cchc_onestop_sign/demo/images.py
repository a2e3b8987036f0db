"""Images of signatures and of a seal, drawn for the demo: nobody's real ones."""

import io
import math
import random

from PIL import Image, ImageDraw

_SCALE = 4


def _png(image):
    target = io.BytesIO()
    image.resize((image.width // _SCALE, image.height // _SCALE)).save(target, "PNG")
    return target.getvalue()


def signature(seed):
    """Return a scribble in blue ink on a transparent ground."""
    rng = random.Random(seed)  # noqa: S311 - a picture, not a secret
    width, height = 320 * _SCALE, 130 * _SCALE
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    waves = [
        (rng.uniform(0.5, 3), rng.uniform(0, 6), rng.uniform(10, 34)) for _ in range(4)
    ]
    points = []
    for step in range(240):
        at = step / 239
        x = width * (0.06 + 0.86 * at) + 60 * math.sin(at * 22 + waves[0][1])
        y = height * 0.5 + sum(
            size * _SCALE * math.sin(speed * 6 * at + phase)
            for speed, phase, size in waves
        ) * (1 - 0.6 * at)
        points.append((x, y))
    pen.line(points, fill=(20, 50, 150, 255), width=4 * _SCALE, joint="curve")
    return _png(image)


def seal():
    """Return a red round seal with a star on a transparent ground."""
    size = 260 * _SCALE
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    red = (205, 20, 20, 235)
    for inset, width in ((4, 7), (16, 2), (74, 3)):
        inset *= _SCALE
        pen.ellipse(
            (inset, inset, size - inset, size - inset),
            outline=red,
            width=width * _SCALE,
        )
    middle, radius = size / 2, 44 * _SCALE
    star = []
    for corner in range(10):
        angle = math.pi * corner / 5 - math.pi / 2
        reach = radius if corner % 2 == 0 else radius * 0.4
        star.append(
            (middle + reach * math.cos(angle), middle + reach * math.sin(angle))
        )
    pen.polygon(star, fill=red)
    return _png(image)
