from odoo import api, fields, models

TOPICS = [
    ("reform", "Administrative Reform"),
    ("onestop", "One-Stop and Procedures"),
    ("iso", "ISO 9001"),
    ("signature", "Digital Signatures"),
    ("digital", "Digital Transformation"),
    ("emulation", "Emulation"),
    ("profession", "Professional Skills"),
    ("politics", "Political Theory"),
    ("other", "Other"),
]
FORMS = [
    ("direct", "In Class"),
    ("online", "Online"),
    ("mixed", "In Class and Online"),
    ("practice", "At Work"),
]


class CchcReformTraining(models.Model):
    """Class of training (lớp đào tạo, bồi dưỡng, tập huấn) and who took part."""

    _name = "cchc.reform.training"
    _description = "Training"
    _inherit = ["cchc.reform.entry.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char("Class", required=True, tracking=True)
    form = fields.Selection(FORMS, required=True, default="direct")
    topic = fields.Selection(TOPICS, required=True, default="reform")
    content = fields.Text()
    date_from = fields.Date(
        "From",
        required=True,
        index=True,
        default=lambda self: fields.Date.context_today(self),
    )
    date_to = fields.Date("Until")
    persons = fields.Integer(
        compute="_compute_persons", store=True, readonly=False, tracking=True
    )
    participant_ids = fields.Many2many("res.users", string="Participants")
    organiser = fields.Char(
        default=lambda self: self.env.company.name, help="Who held the class"
    )
    location = fields.Char("Place")
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(help="In đồng")
    certificate_count = fields.Integer("Certificates")
    plan_id = fields.Many2one(
        "cchc.reform.plan",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        default=lambda self: self.env["cchc.reform.plan"]._plan_of_the_year("training"),
    )
    area_id = fields.Many2one("cchc.reform.area", ondelete="restrict")
    decision_id = fields.Many2one(
        "cchc.issued.document", "Document", check_company=True, ondelete="restrict"
    )
    note = fields.Text("Notes")

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A class cannot end before it begins.",
    )
    _persons = models.Constraint(
        "CHECK (persons >= 0 AND certificate_count >= 0)",
        "The number of persons cannot be below zero.",
    )
    _certificates = models.Constraint(
        "CHECK (certificate_count <= persons)",
        "There are more certificates than persons.",
    )

    @api.depends("participant_ids")
    def _compute_persons(self):
        for training in self:
            training.persons = max(training.persons, len(training.participant_ids))
