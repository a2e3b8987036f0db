from markupsafe import Markup, escape

from odoo import api, fields, models


class CchcProcedureCompare(models.TransientModel):
    """Shows side by side what differs between two versions of a procedure."""

    _name = "cchc.procedure.compare"
    _description = "Compare Versions"

    procedure_id = fields.Many2one("cchc.procedure", required=True)
    old_version_id = fields.Many2one(
        "cchc.procedure.version",
        "Earlier Version",
        domain="[('procedure_id', '=', procedure_id)]",
    )
    new_version_id = fields.Many2one(
        "cchc.procedure.version",
        "Later Version",
        domain="[('procedure_id', '=', procedure_id)]",
    )
    table = fields.Html(compute="_compute_table", sanitize=False)

    @api.depends("old_version_id", "new_version_id")
    def _compute_table(self):
        for wizard in self:
            old, new = wizard.old_version_id, wizard.new_version_id
            if not old or not new:
                wizard.table = Markup("<p>%s</p>") % self.env._(
                    "Choose two versions; a procedure with one version has nothing to "
                    "compare."
                )
                continue
            rows = old._describe_differences(old._export_data(), new._export_data())
            wizard.table = wizard._render_table(rows)

    def _render_table(self, rows):
        if not rows:
            return Markup("<p>%s</p>") % self.env._("The two versions say the same.")
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("What"),
            self.env._("Earlier"),
            self.env._("Later"),
        )
        body = Markup("").join(
            Markup(
                "<tr><th>%s</th><td class='text-danger'>%s</td>"
                "<td class='text-success'>%s</td></tr>"
            )
            % (label, _lines(before), _lines(after))
            for label, before, after in rows
        )
        return Markup("<table class='table table-sm o_cchc_compare'>%s%s</table>") % (
            head,
            body,
        )


def _lines(text):
    return Markup("<br/>").join(escape(line) for line in (text or "").splitlines())
