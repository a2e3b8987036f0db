from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.cchc_onestop.tools import guard

from .test_record import RecordCase

#: Models of OCA's that this addon extends; their records stand beside ours.
EXTENDED = (
    "document.page",
    "document.page.history",
    "mgmtsystem.action",
    "mgmtsystem.action.stage",
    "mgmtsystem.action.tag",
    "mgmtsystem.audit",
    "mgmtsystem.nonconformity",
    "mgmtsystem.nonconformity.cause",
    "mgmtsystem.nonconformity.origin",
    "mgmtsystem.nonconformity.severity",
    "mgmtsystem.nonconformity.stage",
    "mgmtsystem.review",
    "mgmtsystem.review.line",
    "mgmtsystem.system",
    "mgmtsystem.verification.line",
)
#: What all agencies share: one record is taken as it is.
SHARED = (
    "cchc.iso.clause",
    "cchc.iso.document.section",
    "cchc.iso.document.type",
    "cchc.iso.edition",
    "cchc.iso.obligation",
    "cchc.iso.risk.level",
    "cchc.procedure",
    "cchc.procedure.version",
    "cchc.sector",
    "mgmtsystem.action.stage",
    "mgmtsystem.nonconformity.cause",
    "mgmtsystem.nonconformity.origin",
    "mgmtsystem.nonconformity.severity",
    "mgmtsystem.nonconformity.stage",
)
#: What belongs to an audit: made once more for one that the auditor is in.
OF_AUDITS = (
    "cchc.iso.audit.attendance",
    "cchc.iso.audit.paper",
    "cchc.iso.audit.plan.line",
    "cchc.iso.sample",
    "cchc.iso.sample.check",
    "cchc.iso.sample.line",
    "mgmtsystem.audit",
    "mgmtsystem.verification.line",
)
#: Filled though not required: without them a record is not one of the quality system.
PARENTS = (
    "audit_id",
    "issue_id",
    "page_id",
    "programme_id",
    "review_id",
    "sample_id",
    "system_id",
)


class RecordsCase(RecordCase):
    """One record of every model of the quality system.

    Each of the commune (``own``), of its neighbour (``foreign``) and, of what belongs
    to an audit, of one that ``iso_auditor`` is in (``scope``). A model that is added
    gets its record made from what is required of it; what it needs beyond that stands
    in :attr:`VALUES`.
    """

    #: Further values of a model, or the method of this class that gives them.
    VALUES = {
        "cchc.iso.audit.attendance": {"name": "Trần Văn Bình"},
        "cchc.iso.clause.map": "_values_of_map",
        "cchc.iso.clause.record": {"source": "kept", "place": "Tủ số 1"},
        "cchc.iso.cycle.template": {"month": 6, "day": 15},
        "document.page": "_values_of_page",
        "document.page.history": {
            "effective_from": "2026-01-05",
            "issue_no": 1,
            "state": "approved",
        },
        "mgmtsystem.audit": "_values_of_audit",
        "mgmtsystem.system": "_values_of_system",
    }

    def setUp(self):
        super().setUp()
        self.pool = {}

    def _iso_models(self):
        """Return the stored models of the addon and those of OCA's it extends."""
        models = self.env["ir.model"].search(
            [("model", "=like", "cchc.iso.%"), ("transient", "=", False)]
        )
        ours = [
            name
            for name in models.mapped("model")
            if self.env[name]._auto and not self.env[name]._abstract
        ]
        return sorted({*ours, *EXTENDED})

    def _own_records(self):
        return {name: self._record_of(name, "own") for name in self._iso_models()}

    def _company(self, place):
        return self.neighbour if place == "foreign" else self.commune

    def _record_of(self, model, place):
        """Return the record of a model, made when it is first asked for."""
        if place == "scope" and model not in OF_AUDITS:
            place = "own"
        key = (model, place)
        if key not in self.pool:
            self.pool[key] = self._found(model, place) or self._made(model, place)
        return self.pool[key]

    def _found(self, model, place):
        """Return what the case and the shipped data hold already."""
        company = self._company(place)
        if model in SHARED:
            return self.env[model].search([], limit=1)
        if model == "res.company":
            return company
        if model == "res.partner":
            return company.partner_id
        if model.startswith("cchc.iso.record") and place == "own":
            return self._recorded(model)
        if model == "cchc.iso.review.input":
            return self._record_of("mgmtsystem.review", place).input_ids[:1]
        if model == "res.users":
            return new_test_user(
                self.env,
                f"iso_person_{place}",
                groups="cchc_iso.group_viewer",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
        return self.env[model]

    def _recorded(self, model):
        """Return the record of a dossier that really ended, and its chain."""
        if model == "cchc.iso.record":
            return self._record(self._lived())
        if model == "cchc.iso.record.chain":
            record = self._record_of("cchc.iso.record", "own")
            return self.env[model].search([("company_id", "=", record.company_id.id)])
        return self.env[model]

    def _made(self, model, place):
        company = self._company(place)
        records = guard.unlocked(self.env[model].sudo()).with_company(company)
        values = self.VALUES.get(model, {})
        if isinstance(values, str):
            values = getattr(self, values)(place)
        defaults = records.default_get(list(records._fields))
        for name, field in records._fields.items():
            if name in values or not field.store or field.related:
                continue
            if name == "company_id":
                values = {**values, name: company.id}
            elif not defaults.get(name) and self._is_asked(field):
                values = {**values, name: self._value(field, place)}
        return self.env[model].browse(records.create(values).id)

    def _is_asked(self, field):
        if field.compute and field.readonly:
            return False
        return field.required or (field.name in PARENTS and field.type == "many2one")

    def _value(self, field, place):
        if field.type == "many2one":
            return self._record_of(field.comodel_name, place).id
        if field.type == "many2many":
            return self._record_of(field.comodel_name, place).ids
        if field.type == "selection":
            return field.get_values(self.env)[0]
        return {
            "date": fields.Date.today(),
            "datetime": fields.Datetime.now(),
            "integer": 2026,
            "float": 1.0,
            "boolean": False,
        }.get(field.type, f"{field.name} {place}")

    def _values_of_system(self, place):
        return {
            "name": f"HTQLCL {self._company(place).name}",
            "edition_id": self.env.ref("cchc_iso.edition_9001_2015").id,
        }

    def _values_of_page(self, place):
        return {
            "name": "Chính sách chất lượng",
            "type": "content",
            "doc_type_id": self.env.ref("cchc_iso.document_type_policy").id,
        }

    def _values_of_audit(self, place):
        team = self.iso_auditor if place == "scope" else self.env["res.users"]
        return {
            "name": "Đánh giá nội bộ",
            "lead_auditor_id": team.id,
            "auditor_user_ids": [Command.set(team.ids)],
        }

    def _values_of_map(self, place):
        later = self.env["cchc.iso.edition"].create(
            {"code": f"TCVN ISO 9001:2099 {place}", "name": "Yêu cầu"}
        )
        clause = later.clause_ids.create({"edition_id": later.id, "code": "4"})
        return {"new_clause_id": clause.id}
