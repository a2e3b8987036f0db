import io
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.cchc_statistic import midnight
from ..tools import register

BOOKS = [
    ("main", "Register of dossiers (form 07)"),
    ("non_territorial", "Received regardless of boundaries"),
    ("handover", "Hand-over of results"),
    ("extension", "Apologies and extensions"),
    ("supplement", "Supplements requested"),
    ("refusal", "Receptions refused"),
    ("stopped", "Withdrawn and stopped"),
]
#: Up to this many rows a book is made at once, beyond it in the background.
AT_ONCE = 3000
#: More rows than this are not laid out on paper.
ON_PAPER = 1500


class CchcRegister(models.TransientModel):
    """Draws up a book (sổ) of an agency for a period, as a workbook or on paper.

    Reads dossiers with the rights of the person; the interlinked ones stand beneath
    their parent and have no number of their own, void ones keep their line without a
    number, so that the numbers of the book are those of the reports.
    """

    _name = "cchc.register"
    _description = "Register and Books"

    book = fields.Selection(BOOKS, string="Kind of Book", required=True, default="main")
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        required=True,
        default=lambda self: self.env.company,
    )
    period_rule_id = fields.Many2one("cchc.period.rule", string="Kind of Period")
    date_from = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(required=True, default=fields.Date.context_today)
    sector_id = fields.Many2one("cchc.sector", string="Field", help="Empty: all fields")
    volume = fields.Char(string="Book No.", default="01")
    with_identity = fields.Boolean(
        string="With Identity Numbers",
        help="For who may see them; the column is not part of the official book",
    )
    row_count = fields.Integer(compute="_compute_row_count", string="Rows")
    on_paper = fields.Boolean(compute="_compute_row_count")

    @api.depends("book")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Register and Books")

    @api.onchange("period_rule_id")
    def _onchange_period_rule_id(self):
        if self.period_rule_id:
            today = fields.Date.context_today(self)
            period = self.period_rule_id._to_rule().containing(today)
            self.date_from, self.date_to = period.start, period.end

    @api.depends("book", "company_id", "date_from", "date_to", "sector_id")
    def _compute_row_count(self):
        for wizard in self:
            wizard.row_count = (
                wizard._count() if wizard.date_from and wizard.date_to else 0
            )
            wizard.on_paper = wizard.row_count <= ON_PAPER

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------
    def _columns(self):
        """Return the columns of the book; identity numbers for who may see them."""
        self.ensure_one()
        columns = list(register.BOOKS[self.book].columns)
        if self.with_identity and self._may_identify():
            place = next(
                index for index, c in enumerate(columns) if c.key == "applicant"
            )
            columns.insert(place + 1, register.IDENTITY)
        return columns

    def _may_identify(self):
        return self.env.user.has_group("cchc_onestop.group_identity")

    def _query(self, children_of=None):
        """Return the query of the book's dossiers, under the rules of the reader.

        :param children_of: ids of dossiers whose children are wanted instead
        """
        self.ensure_one()
        self.env.flush_all()
        book = register.BOOKS[self.book]
        agency = Domain("company_id", "=", self.company_id.id)
        if book.both:
            agency |= Domain("receiving_company_id", "=", self.company_id.id)
        if self.book == "refusal":
            agency = Domain("receiving_company_id", "=", self.company_id.id)
        domain = agency
        if children_of is not None:
            domain = Domain("parent_id", "in", children_of)
        elif self.book != "refusal":
            domain &= Domain("parent_id", "=", False)
        if self.sector_id:
            domain &= Domain("procedure_id.sector_id", "=", self.sector_id.id)
        return self.env["cchc.dossier"]._search(domain, bypass_access=False)

    def _source(self, query, bounds=True):
        """Return the ``FROM … WHERE …`` of the book over the dossiers of ``query``."""
        book = register.BOOKS[self.book]
        zone = self.company_id._cchc_tz()
        moment = SQL(book.moment)
        period = SQL(
            "%s >= %s AND %s < %s",
            moment,
            midnight(self.date_from, zone),
            moment,
            midnight(self.date_to + timedelta(days=1), zone),
        )
        return SQL(
            """FROM %(dossiers)s d %(join)s
               JOIN cchc_procedure procedure ON procedure.id = d.procedure_id
               JOIN res_company competent ON competent.id = d.company_id
               JOIN res_company receiving ON receiving.id = d.receiving_company_id
               LEFT JOIN res_users handling ON handling.id = d.user_id
               LEFT JOIN res_partner handler ON handler.id = handling.partner_id
              WHERE %(agency)s AND %(where)s AND %(period)s""",
            join=SQL(book.join),
            # The rows themselves: joining them by id once more can cost minutes when
            # the planner's statistics are old.
            dossiers=query.subselect(SQL("%s.*", SQL.identifier(query.table))),
            # Said once more where the index on agency and moment can serve it.
            agency=SQL("d.company_id = %s", self.company_id.id)
            if bounds and not book.both and self.book != "refusal"
            else SQL("TRUE"),
            where=SQL(book.where),
            period=period if bounds else SQL("TRUE"),
        )

    def _count(self):
        """Return the number of rows, those beneath others not counted."""
        self.env.cr.execute(SQL("SELECT count(*) %s", self._source(self._query())))
        return self.env.cr.fetchone()[0]

    def _rows(self):
        """Yield the rows of the book in order, in chunks after the last one read."""
        self.ensure_one()
        book = register.BOOKS[self.book]
        columns = self._columns()
        zone = self.company_id._cchc_tz().key
        expressions = register.values(book, columns[1:], zone)
        moment, key = SQL(book.moment), SQL(book.key)
        source = self._source(self._query())
        last, number = None, 0
        while True:
            after = (
                SQL(
                    "AND %s >= %s AND (%s, %s) > %s", moment, last[0], moment, key, last
                )
                if last
                else SQL()
            )
            self.env.cr.execute(
                SQL(
                    """SELECT %s, %s, d.id, d.state = 'void', %s %s %s
                        ORDER BY %s, %s LIMIT %s""",
                    moment,
                    key,
                    SQL(", ").join(expressions),
                    source,
                    after,
                    moment,
                    key,
                    register.CHUNK,
                )
            )
            found = self.env.cr.fetchall()
            beneath = self._children(book, expressions, [row[2] for row in found])
            for row in found:
                if row[3]:
                    yield ("", *row[4:])
                else:
                    number += 1
                    yield (number, *row[4:])
                yield from beneath.get(row[2], ())
            if len(found) < register.CHUNK:
                return
            last = found[-1][:2]

    def _children(self, book, expressions, ids):
        """Return ``{parent: rows}`` of the interlinked dossiers of a chunk."""
        if not ids or self.book == "refusal" or not self._has_children():
            return {}
        self.env.cr.execute(
            SQL(
                "SELECT d.parent_id, %s %s ORDER BY d.parent_id, d.id",
                SQL(", ").join(expressions),
                self._source(self._query(children_of=ids), bounds=False),
            )
        )
        beneath = {}
        for parent, *row in self.env.cr.fetchall():
            beneath.setdefault(parent, []).append(("–", *row))
        return beneath

    def _has_children(self):
        self.env.cr.execute(
            "SELECT EXISTS (SELECT FROM cchc_dossier WHERE parent_id IS NOT NULL)"
        )
        return self.env.cr.fetchone()[0]

    # ------------------------------------------------------------------
    # Results
    # ------------------------------------------------------------------
    def _head(self):
        """Return the lines above the table."""
        book = register.BOOKS[self.book]
        lines = [self.company_id.name, book.title]
        words = f"Từ ngày {self.date_from:%d/%m/%Y} đến ngày {self.date_to:%d/%m/%Y}"
        if self.sector_id:
            words += f" – Lĩnh vực: {self.sector_id.name}"
        if self.volume:
            words += f" – Quyển số: {self.volume}"
        return [*lines, words]

    def _file_name(self):
        return (
            f"{self.book}-{self.company_id.cchc_unit_code or self.company_id.id}-"
            f"{self.date_from:%Y%m%d}-{self.date_to:%Y%m%d}.xlsx"
        )

    def _workbook(self, step=None):
        """Return the book as a workbook.

        :param step: see ``cchc.job``
        """
        self.ensure_one()
        total = self._count() if step else 0
        target = io.BytesIO()
        register.write_workbook(
            target, self._head(), self._columns(), self._rows(), total, step
        )
        return target.getvalue()

    def action_xlsx(self):
        """Give the book as a workbook: at once, or as a job when it is long."""
        self.ensure_one()
        self._check_dates()
        if self._count() > AT_ONCE:
            return (
                self.env["cchc.job"]
                ._enqueue(
                    f"{register.BOOKS[self.book].title} – {self._head()[-1]}",
                    self._name,
                    "workbook",
                    self._params(),
                )
                .action_open()
            )
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._file_name(),
                "raw": self._workbook(),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _params(self):
        return {
            "book": self.book,
            "company_id": self.company_id.id,
            "date_from": str(self.date_from),
            "date_to": str(self.date_to),
            "sector_id": self.sector_id.id,
            "volume": self.volume,
            "with_identity": self.with_identity,
        }

    @api.model
    def _job_workbook(self, params, step):
        """Work of a background job: the book as a workbook."""
        wizard = self.create(params)
        return wizard._file_name(), wizard._workbook(step)

    def action_pdf(self):
        """Print the book on paper, when it has an ordinary size."""
        self.ensure_one()
        self._check_dates()
        count = self._count()
        if count > ON_PAPER:
            raise UserError(
                self.env._(
                    "The book has %(count)s rows; on paper there is room for %(most)s: "
                    "choose a shorter period or a field, or take the Excel workbook.",
                    count=count,
                    most=ON_PAPER,
                )
            )
        return self.env.ref("cchc_onestop.report_register").report_action(self)

    def _check_dates(self):
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period ends before it begins."))

    def _sheet(self):
        """Return all texts of the printed book."""
        self.ensure_one()
        book = register.BOOKS[self.book]
        columns = self._columns()
        return {
            "agency": self.company_id,
            "title": book.title,
            "form": book.form,
            "head": self._head(),
            "volume": self.volume or "……",
            "year": self.date_to.year,
            "range": f"Từ ngày {self.date_from:%d/%m/%Y} "
            f"đến ngày {self.date_to:%d/%m/%Y}",
            "columns": columns,
            "widths": [
                100 * column.width / sum(c.width for c in columns) for column in columns
            ],
            "table_head": register.headings([column.path for column in columns]),
            "rows": [
                [str(value if value is not None else "") for value in row]
                for row in self._rows()
            ],
        }
