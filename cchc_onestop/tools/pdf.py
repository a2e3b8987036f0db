"""Paged documents from self-contained HTML, with WeasyPrint (no ORM here).

WeasyPrint gives what statutory paper needs: running headers, page numbers,
repeated table heads and text that can be searched and copied. It is imported
when the first page is made, because it needs system libraries (Pango) whose
absence must not keep Odoo from starting.
"""

import html
import io
import logging
import re
from functools import lru_cache

# One line per layout step would drown the server's log.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

ALLOWED_SCHEMES = ("data",)
#: Base address of every document: relative links become addresses below it. The name
#: can never be resolved (RFC 2606), so a slip cannot reach the network.
BASE_URL = "https://forms.invalid/"
STATIC_PATTERN = re.compile(r"^/(\w+)/static/(.+)$")
ATTACHMENT_PATTERN = re.compile(r"^/web/(?:image|content)/(\d+)(?:[/?-].*)?$")

#: Link to a style sheet of an addon, for every medium.
STYLE_PATTERN = re.compile(
    r'<link\b(?=[^>]*\brel="stylesheet")(?![^>]*\bmedia=)[^>]*'
    r'\bhref="(/\w+/static/[^"?]+\.css)"[^>]*>'
)
#: At-rules that belong to one document and cannot be shared.
OWN_RULES = re.compile(rb"@(?:import|font-face|counter-style|color-profile)")


class EngineMissing(Exception):
    """WeasyPrint or one of its system libraries is not installed."""


class ForbiddenAddress(Exception):
    """A document refers to something outside the ERP."""

    def __init__(self, url):
        super().__init__(url)
        self.url = url


def load_engine():
    """Return the ``weasyprint`` package.

    :raises EngineMissing: the package or its Pango libraries are absent
    """
    try:
        import weasyprint  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise EngineMissing(str(error)) from error
    return weasyprint


def page_css(width_mm, height_mm, margins_mm):
    """CSS of the paper; ``@page`` rules of the document itself win over it.

    :param margins_mm: top, right, bottom, left in millimetres
    """
    margins = " ".join(f"{margin:g}mm" for margin in margins_mm)
    return f"@page {{ size: {width_mm:g}mm {height_mm:g}mm; margin: {margins}; }}"


def _make_fetcher(weasyprint, resolve):
    urls = weasyprint.urls

    class LocalFetcher(urls.URLFetcher):
        """Serves ``data:`` addresses and what ``resolve`` knows, nothing else."""

        def __init__(self):
            super().__init__(allowed_protocols=ALLOWED_SCHEMES, allow_redirects=False)
            # Images inside SVG swallow every exception: what was refused is
            # remembered, so that no form leaves with a hole in it.
            self.refused = []

        def fetch(self, url, headers=None):
            if url.startswith("data:"):
                return super().fetch(url, headers)
            content = None
            if url.startswith(BASE_URL):
                content = resolve("/" + url[len(BASE_URL) :])
            if content is None:
                self.refused.append(url)
                raise urls.FatalURLFetchingError(url)
            body, mimetype = content
            return urls.URLFetcherResponse(url, body, {"Content-Type": mimetype})

    return LocalFetcher()


@lru_cache(maxsize=16)
def _parse_sheet(path, content):
    """Return a style sheet of an addon as WeasyPrint applies it.

    It is the same on every paper, and reading it takes a tenth of the time of a page.
    """
    weasyprint = load_engine()
    return weasyprint.CSS(string=content.decode(), base_url=f"{BASE_URL}{path[1:]}")


def _share_sheets(document, resolve):
    """Return a document without its links to addons' style sheets, and these."""
    sheets = []

    def take(match):
        found = resolve(match[1])
        if found is None or OWN_RULES.search(found[0]):
            return match[0]
        sheets.append(_parse_sheet(match[1], found[0]))
        return ""

    return STYLE_PATTERN.sub(take, document), sheets


def render_pdf(documents, css="", resolve=lambda path: None):
    """Lay out HTML documents one after the other in a single PDF.

    Page counters start anew with each document.

    :param documents: complete HTML documents (str)
    :param css: style sheet below the documents' own ones (paper format); those of
        addons come between the two
    :param resolve: ``path -> (bytes, mimetype)`` or None when not allowed
    :raises EngineMissing: WeasyPrint cannot be used on this machine
    :raises ForbiddenAddress: a document names a file or host outside the ERP
    """
    weasyprint = load_engine()
    fetcher = _make_fetcher(weasyprint, resolve)
    sheets = [weasyprint.CSS(string=css, url_fetcher=fetcher)] if css else []
    try:
        rendered = [
            weasyprint.HTML(
                string=document, base_url=BASE_URL, url_fetcher=fetcher
            ).render(stylesheets=[*sheets, *shared])
            for document, shared in (
                _share_sheets(document, resolve) for document in documents
            )
        ]
        pages = [page for document in rendered for page in document.pages]
        content = rendered[0].copy(pages).write_pdf()
    except weasyprint.urls.FatalURLFetchingError as error:
        raise ForbiddenAddress(str(error)) from error
    if fetcher.refused:
        raise ForbiddenAddress(fetcher.refused[0])
    return content


def join(contents):
    """One PDF of several, in order."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415

    writer = PdfWriter()
    for content in contents:
        writer.append(PdfReader(io.BytesIO(content)))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def stamp(content, text):
    """Print ``text`` large and slanted over every page of a PDF.

    The pages below stay as they are: a paper that was issued is marked, never drawn
    anew.
    """
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415

    writer = PdfWriter(clone_from=io.BytesIO(content))
    for page in writer.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        overlay = PdfReader(io.BytesIO(_stamp_page(text, width, height)))
        page.merge_page(overlay.pages[0])
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _stamp_page(text, width, height):
    size = width / max(len(text), 1)
    style = (
        f"@page {{ size: {width}pt {height}pt; margin: 0 }}"
        f"body {{ margin: 0; font: bold {size:.0f}pt 'Liberation Serif',"
        "'Noto Serif',serif; color: rgba(200,0,0,.35); text-align: center }"
        f"p {{ margin: 0; line-height: {height}pt; transform: rotate(-35deg) }}"
    )
    return render_pdf([f"<style>{style}</style><p>{html.escape(text)}</p>"])
