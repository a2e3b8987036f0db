import tempfile
from datetime import UTC, datetime, time

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import record_header, record_schema
from ..tools.record_package import Package

#: Records read and packed at once.
CHUNK = 200
#: Records on one page of the list.
PAGE = 1000
#: A drawing takes about half a second.
PDF_LIMIT = 500


class CchcIsoRecord(models.Model):
    """Packs the process records of a period for an outside auditor."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.iso.record"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _package_domain(self, params):
        """Return which records a package holds.

        :param dict params: ``company_id``, ``date_from``, ``date_to`` (local days of
            the end of the dossier), ``procedure_ids``, ``department_ids``
        """
        company = self.env["res.company"].browse(params["company_id"])
        zone = company.sudo()._cchc_tz()
        domain = Domain("company_id", "=", company.id)
        first = self._utc(params["date_from"], zone)
        last = self._utc(
            fields.Date.add(fields.Date.to_date(params["date_to"]), days=1), zone
        )
        domain &= Domain("ended_at", ">=", first) & Domain("ended_at", "<", last)
        for name in ("procedure_id", "department_id"):
            if params.get(f"{name}s"):
                domain &= Domain(name, "in", params[f"{name}s"])
        return domain

    @api.model
    def _utc(self, day, zone):
        """Return the beginning of a local day as Odoo stores moments."""
        midnight = datetime.combine(fields.Date.to_date(day), time(), zone)
        return midnight.astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _job_package(self, params, step):
        """Pack records; background work of ``cchc.job``.

        :return: file name and bytes of the zip
        """
        records = self.search(
            self._package_domain(params), order="company_id, year, number"
        )
        if not records:
            raise UserError(
                self.env._("No process record ended in this period: choose another.")
            )
        if params.get("with_pdf") and len(records) > PDF_LIMIT:
            raise UserError(
                self.env._(
                    "%(count)s records are too many to draw each as PDF (%(limit)s at "
                    "most): choose a shorter period, or leave the PDF files out; the "
                    "HTML pages print as well.",
                    count=len(records),
                    limit=PDF_LIMIT,
                )
            )
        company = self.env["res.company"].browse(params["company_id"])
        about = self._package_about(company, params)
        with tempfile.TemporaryFile() as stream, Package(stream, about) as package:
            writer = _Writer(self.with_context(lang=self._record_lang()), package)
            ids = records.ids
            for start in range(0, len(ids), CHUNK):
                writer.add(self.browse(ids[start : start + CHUNK]), params)
                self.env.invalidate_all()
                step(min(start + CHUNK, len(ids)), len(ids))
            writer.close(company)
            content = stream.read()
        self.env["cchc.iso.record.package"]._log(company, params, len(ids), content)
        code = company.cchc_unit_code or company.id
        period = f"{params['date_from']}_{params['date_to']}".replace("-", "")
        return f"ho_so_qua_trinh_{code}_{period}.zip", content

    @api.model
    def _package_about(self, company, params):
        procedures = self.env["cchc.procedure"].browse(params.get("procedure_ids"))
        departments = self.env["hr.department"].browse(params.get("department_ids"))
        return {
            "agency": {
                "id": company.id,
                "code": company.cchc_unit_code or "",
                "name": company.name,
            },
            "created_at": record_header.moment(fields.Datetime.now()),
            "created_by": self.env.user.name,
            "date_from": params["date_from"],
            "date_to": params["date_to"],
            "procedures": procedures.mapped("code"),
            "departments": departments.mapped("name"),
        }

    @api.model
    def _package_chains(self, company, years):
        """Return the chains of an agency with the hashes of all their records."""
        self.env.cr.execute(
            """
            SELECT chain.year, chain.last_number, chain.last_sha256,
                   coalesce(array_agg(record.sha256 ORDER BY record.number)
                            FILTER (WHERE record.id IS NOT NULL), '{}') AS hashes
              FROM cchc_iso_record_chain chain
         LEFT JOIN cchc_iso_record record
                ON record.company_id = chain.company_id AND record.year = chain.year
             WHERE chain.company_id = %s AND chain.year = ANY(%s)
          GROUP BY chain.id
          ORDER BY chain.year
            """,
            (company.id, sorted(years)),
        )
        return [
            {
                "agency_id": company.id,
                "agency_code": company.cchc_unit_code or str(company.id),
                "agency": company.name,
                **row,
            }
            for row in self.env.cr.dictfetchall()
        ]


class _Writer:
    """Writes records and the pages of their list into a package."""

    def __init__(self, records, package):
        self.records = records
        self.env = records.env
        self.package = package
        self.schema = record_schema.validator()
        self.lines = []
        self.years = set()
        package.add("process-record.xsd", record_schema.xsd())

    def add(self, records, params):
        for record in records.with_env(self.env):
            self._add_record(record, bool(params.get("with_pdf")))

    def _add_record(self, record, with_pdf):
        unit = record.company_id.cchc_unit_code or str(record.company_id.id)
        path = f"records/{unit}/{record.year}/{record.number:06d}"
        xml = record_schema.to_xml(
            record._data(), record.previous_sha256, record.sha256
        )
        self.schema.assertValid(etree.fromstring(xml))
        sheet = record._sheet()
        files = {
            "json": record.payload.encode(),
            "xml": xml,
            "html": self._html("cchc_iso.record_page", {"sheet": sheet}),
        }
        if with_pdf:
            report = self.env["ir.actions.report"].sudo()
            files["pdf"] = report._render_qweb_pdf(
                "cchc_iso.record_report", record.ids
            )[0]
        self.package.add_record(
            {
                "path": path,
                "agency_id": record.company_id.id,
                "year": record.year,
                "number": record.number,
                "code": record.code or "",
                "kind": record.kind,
                "previous_sha256": record.previous_sha256,
                "sha256": record.sha256,
            },
            files,
        )
        self.years.add(record.year)
        self.lines.append(
            {
                "path": path,
                "number": record.name,
                "code": record.code,
                "procedure": record.procedure_id.name,
                "kind": dict(record._fields["kind"]._description_selection(self.env))[
                    record.kind
                ],
                "ended": record.company_id._cchc_local_date(record.ended_at).strftime(
                    "%d/%m/%Y"
                ),
                "is_late": record.is_late,
                "late_steps": record.late_step_count,
                "others": record.wrong_person_count,
                "sha256": record.sha256,
                "pdf": with_pdf,
            }
        )

    def close(self, company):
        pages = [
            self.lines[start : start + PAGE]
            for start in range(0, len(self.lines), PAGE)
        ]
        names = [
            "index.html" if number == 1 else f"index-{number}.html"
            for number in range(1, len(pages) + 1)
        ]
        for name, lines in zip(names, pages, strict=True):
            self.package.add(
                name,
                self._html(
                    "cchc_iso.record_index",
                    {
                        "about": self.package.manifest,
                        "period": [
                            fields.Date.to_date(self.package.manifest[name]).strftime(
                                "%d/%m/%Y"
                            )
                            for name in ("date_from", "date_to")
                        ],
                        "lines": lines,
                        "count": len(self.lines),
                        "names": names,
                        "name": name,
                    },
                ),
            )
        self.package.close(self.records._package_chains(company, self.years))

    def _html(self, template, values):
        page = self.env["ir.qweb"]._render(template, values)
        return ("<!DOCTYPE html>\n" + str(page)).encode()
