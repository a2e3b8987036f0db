from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cchc_onestop.tools import picture_pdf

from ..tools import pages, part_name

MEGABYTE = 1 << 20
#: First bytes of what is taken as picture, and of what people hand in instead.
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")
_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1")


class CchcDigitisePolicy(models.Model):
    """What a scan must be like: format, resolution, size, name (with dates).

    NĐ 30/2020/NĐ-CP Phụ lục I: PDF from version 1.4 or PDF/A, colour, 200 dpi or more,
    scale 100 %. Size limits and names are up to the office.
    """

    _name = "cchc.digitise.policy"
    _description = "Requirements of Scans"
    _order = "company_id, valid_from desc, id desc"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        help="Empty: for every agency without requirements of its own",
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date()
    legal_basis = fields.Char()
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="From general knowledge, not from a published text"
    )
    name_pattern = fields.Char(
        required=True,
        default="{code}_{part code}_{nn}.pdf",
        help="Tokens: {code} of the dossier, {part code} of its part, {nn} the number "
        "of the file",
    )
    example = fields.Char(compute="_compute_example")
    max_megabytes = fields.Integer(
        "Largest File (MB)", required=True, default=25, help="Of one part"
    )
    max_pages = fields.Integer("Most Pages", required=True, default=500)
    stack_megabytes = fields.Integer(
        "Largest Stack (MB)", required=True, default=120, help="Scanned in one piece"
    )
    min_version = fields.Selection(
        [("0", "Any"), ("14", "1.4"), ("17", "1.7")],
        string="Lowest PDF Version",
        required=True,
        default="14",
    )
    pdfa_only = fields.Boolean("PDF/A Only")
    take_pictures = fields.Boolean(
        default=True,
        help="JPEG, PNG and TIFF become one PDF for each part",
    )
    min_dpi = fields.Integer("Lowest Resolution (dpi)", required=True, default=200)
    low_dpi = fields.Selection(
        [("warn", "Warn"), ("refuse", "Refuse")],
        string="Below the Resolution",
        required=True,
        default="warn",
    )
    reuse_scope = fields.Selection(
        [
            ("none", "Not at all"),
            ("agency", "What this agency has stored"),
            ("all", "What any agency of this system has stored"),
        ],
        string="Re-use",
        required=True,
        default="agency",
        help="Where digital copies of the same owner are looked for (NĐ 45/2020/NĐ-CP)",
    )
    settle_seconds = fields.Integer(
        "Wait for the Scanner (seconds)",
        required=True,
        default=10,
        help="A file of the scanner folder is taken when it has not changed for "
        "so long",
    )
    keep_days = fields.Integer(
        "Keep Stacks (days)",
        required=True,
        default=60,
        help="So long after they were confirmed; the files of the parts stay",
    )
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "The last day of validity lies before the first.",
    )
    _limits = models.Constraint(
        "CHECK (max_megabytes > 0 AND stack_megabytes > 0 AND max_pages > 0 "
        "AND min_dpi >= 0 AND settle_seconds >= 0 AND keep_days >= 0)",
        "Limits are positive numbers.",
    )

    @api.constrains("name_pattern")
    def _check_pattern(self):
        for policy in self:
            try:
                part_name.check_pattern(policy.name_pattern)
            except part_name.PatternError as error:
                raise ValidationError(
                    self.env._(
                        "The pattern “%(pattern)s” cannot be read back: look at "
                        "“%(token)s”. It holds {code}, {part code} and {nn} once each, "
                        "something between them, and ends in .pdf.",
                        pattern=policy.name_pattern,
                        token=error.args[0],
                    )
                ) from error

    @api.depends("name_pattern")
    def _compute_example(self):
        for policy in self:
            policy.example = part_name.build(
                policy.name_pattern or "", "H50.21-261123-0001", "TP01", 1
            )

    @api.model
    def _for(self, company):
        """Return the requirements of an agency today.

        :raises UserError: when there are none
        """
        today = company._cchc_local_date(fields.Datetime.now())
        policy = self.sudo().search(
            [
                ("company_id", "in", [company.id, False]),
                ("valid_from", "<=", today),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", today),
            ],
            order="company_id NULLS LAST, valid_from desc",
            limit=1,
        )
        if not policy:
            raise UserError(
                self.env._(
                    "No requirements of scans are in force for %s: ask the manager to "
                    "enter them under Configuration.",
                    company.name,
                )
            )
        return policy

    # ------------------------------------------------------------------
    # Looking at files
    # ------------------------------------------------------------------
    def _read_pdf(self, names, contents, megabytes=None):
        """Return one PDF of what was handed in: a PDF, or pictures as its pages.

        :param list names: of the files, in the order of the contents
        :param list contents: bytes of one PDF, or of one or more pictures
        :param megabytes: largest size, that of a part by default
        :raises UserError: with one sentence that says what is wrong with which file
        """
        self.ensure_one()
        limit = megabytes or self.max_megabytes
        kinds = [_kind(content) for content in contents]
        for name, kind in zip(names, kinds, strict=True):
            if kind in ("nothing", "office", "heic", "kind"):
                raise UserError(self._sentence(kind, name))
        if sum(map(len, contents)) > limit * MEGABYTE:
            raise UserError(self._sentence("size", ", ".join(names), limit=limit))
        if kinds == ["pdf"]:
            return contents[0]
        if "pdf" in kinds:
            raise UserError(self._sentence("mixed", names[kinds.index("pdf")]))
        if not self.take_pictures:
            raise UserError(self._sentence("kind", names[0]))
        try:
            return picture_pdf.from_pictures(contents)
        except pages.PageProblem as problem:
            raise UserError(
                self._sentence(problem.key, names[problem.place])
            ) from problem

    def _inspect(self, name, content):
        """Return the facts of a PDF and what is to be warned of.

        :raises UserError: with one sentence that says why it cannot be taken
        """
        self.ensure_one()
        try:
            facts = pages.inspect(content, self.max_pages)
        except pages.PageProblem as problem:
            raise UserError(self._sentence(problem.key, name)) from problem
        if not facts.pdfa:
            if self.pdfa_only:
                raise UserError(self._sentence("pdfa", name))
            if facts.version < int(self.min_version):
                raise UserError(
                    self._sentence("version", name, version=facts.version / 10)
                )
        warning = False
        if facts.dpi and facts.dpi < self.min_dpi:
            warning = self._sentence("dpi", name, dpi=facts.dpi, page=facts.low_page)
            if self.low_dpi == "refuse":
                raise UserError(warning)
        return facts, warning

    def _sentence(self, key, name, **values):
        """Return the one sentence that says what is wrong with a file."""
        values = {
            "name": name,
            "limit": 0,
            "version": 0,
            "dpi": 0,
            "page": 0,
            "most": self.max_pages,
            "least": self.min_dpi,
            "wanted": int(self.min_version) / 10,
            **values,
        }
        sentences = {
            "broken": self.env._(
                "“%(name)s” is damaged and cannot be opened: scan it again.", **values
            ),
            "empty": self.env._("“%(name)s” has no page: scan it again.", **values),
            "encrypted": self.env._(
                "“%(name)s” is locked with a password: save it without one and hand "
                "it in again.",
                **values,
            ),
            "script": self.env._(
                "“%(name)s” carries a program (JavaScript): print it to a new PDF "
                "and hand that in.",
                **values,
            ),
            "embedded": self.env._(
                "“%(name)s” has other files inside: take them out and hand in each "
                "for itself.",
                **values,
            ),
            "pages": self.env._(
                "“%(name)s” has more than %(most)s pages: hand it in in pieces.",
                **values,
            ),
            "huge": self.env._(
                "“%(name)s” holds a picture that is too large to be opened: scan it "
                "again at 200 to 300 dpi.",
                **values,
            ),
            "picture": self.env._(
                "“%(name)s” is not a picture that can be opened: scan it again.",
                **values,
            ),
            "nothing": self.env._(
                "“%(name)s” is empty (0 bytes): the scanner or the copying was "
                "interrupted; scan it again.",
                **values,
            ),
            "office": self.env._(
                "“%(name)s” is a document of an office program or an archive: save or "
                "print it as PDF and hand in the PDF.",
                **values,
            ),
            "heic": self.env._(
                "“%(name)s” is a HEIC photo of a telephone: take it as JPEG (settings "
                "of the camera, “most compatible”) and hand in that.",
                **values,
            ),
            "mixed": self.env._(
                "“%(name)s” is a PDF and came together with other files: hand in each "
                "PDF for itself.",
                **values,
            ),
            "kind": self.env._(
                "“%(name)s” is neither a PDF nor a picture (JPEG, PNG, TIFF) that can "
                "be taken.",
                **values,
            ),
            "size": self.env._(
                "“%(name)s” is larger than %(limit)s MB: scan it at a lower "
                "resolution or in pieces.",
                **values,
            ),
            "version": self.env._(
                "“%(name)s” is PDF %(version).1f; PDF %(wanted).1f or PDF/A is "
                "needed: save it anew.",
                **values,
            ),
            "pdfa": self.env._(
                "“%(name)s” is not PDF/A: save it as PDF/A and hand it in again.",
                **values,
            ),
            "dpi": self.env._(
                "Page %(page)s of “%(name)s” was scanned at %(dpi)s dpi; at least "
                "%(least)s dpi is needed.",
                **values,
            ),
        }
        return sentences[key]


def _kind(content):
    """Return what a file is by its first bytes, whatever its name says.

    :return: ``pdf``, ``picture``, or the key of the sentence that refuses it
    """
    if not content:
        return "nothing"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(_PICTURES):
        return "picture"
    if content.startswith(_OFFICE):
        return "office"
    if content[4:12] in _HEIC:
        return "heic"
    return "kind"
