from odoo import api, fields, models
from odoo.exceptions import AccessError

#: How to reach the owner of a dossier, and where his other data stand: the audit does
#: not need it; the name is part of the process record.
PRIVATE_FIELDS = frozenset(
    {
        "applicant_address",
        "applicant_email",
        "applicant_phone",
        "partner_id",
        "result_address",
        "submitter_id",
    }
)


class CchcDossier(models.Model):
    """A dossier as an auditor of the quality system sees it: under log, read only."""

    _name = "cchc.dossier"
    _inherit = ["cchc.dossier", "cchc.iso.looked.mixin"]

    iso_sample_line_ids = fields.One2many(
        "cchc.iso.sample.line",
        "dossier_id",
        "Sampled in Audits",
        groups="cchc_iso.group_auditor,cchc_iso.group_officer,cchc_iso.group_leader",
        copy=False,
    )

    # What a sample is drawn from, in its order; see ``tools/population.py``.
    _iso_population_idx = models.Index(
        '(company_id, ended_at, name COLLATE "C") INCLUDE '
        "(state, timeliness, procedure_id, process_id, department_id, id) "
        "WHERE ended_at IS NOT NULL"
    )

    @api.model
    def _look_dossiers(self, records):
        return records.ids

    @api.model
    def _cchc_only_audits(self):
        """Return whether the user sees dossiers as an auditor and not otherwise."""
        return not self.env.su and not self.env.user.has_group(
            "cchc_onestop.group_base"
        )

    def _has_field_access(self, field, operation):
        """Who only audits reads neither addresses nor contacts of applicants, by no
        way: not in a domain, a group or an export either."""
        if field.name in PRIVATE_FIELDS and self._cchc_only_audits():
            return False
        return super()._has_field_access(field, operation)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Who only audits writes nothing on a dossier, no message either."""
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "read" or not self._cchc_only_audits():
            return operations
        return dict.fromkeys(operations, "write")

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        if self and self._cchc_only_audits():
            raise AccessError(
                self.env._(
                    "An auditor does not follow dossiers: his access ends with the "
                    "audit."
                )
            )
        return super().message_subscribe(partner_ids, subtype_ids)

    def get_formview_id(self, access_uid=None):
        """Who only audits gets the form that has no button and no menu of the desk."""
        # Odoo asks with the rights of the system, on behalf of the user.
        if self.with_user(access_uid or self.env.uid)._cchc_only_audits():
            return self.env.ref("cchc_iso.cchc_dossier_view_form_audit").id
        return super().get_formview_id(access_uid)


class MailMessage(models.Model):
    """What is said about a dossier is read under log as the dossier is."""

    _inherit = "mail.message"

    def _fetch_query(self, query, fields):
        fetched = super()._fetch_query(query, fields)
        looks = self.env["cchc.iso.look"]
        if fetched and looks._is_watched():
            rows = fetched.sudo().filtered(lambda row: row.model == "cchc.dossier")
            looks._log(self._name, rows.mapped("res_id"))
        return fetched


class CchcDossierRow(models.AbstractModel):
    _name = "cchc.dossier.row"
    _inherit = ["cchc.dossier.row", "cchc.iso.looked.mixin"]


class CchcDossierEvent(models.Model):
    _name = "cchc.dossier.event"
    _inherit = ["cchc.dossier.event", "cchc.iso.looked.mixin"]


class CchcDossierPaper(models.Model):
    _name = "cchc.dossier.paper"
    _inherit = ["cchc.dossier.paper", "cchc.iso.looked.mixin"]


class CchcDossierApology(models.Model):
    _name = "cchc.dossier.apology"
    _inherit = ["cchc.dossier.apology", "cchc.iso.looked.mixin"]


class CchcIsoRecord(models.Model):
    _name = "cchc.iso.record"
    _inherit = ["cchc.iso.record", "cchc.iso.looked.mixin"]
