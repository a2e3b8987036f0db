"""The quality system in the reform work of the demo commune.

The criteria on ISO 9001 of the invented set are measured, and a finding of the
inspection of the year goes through the quality system.
"""

from odoo import fields

#: Criterion -> the figure that measures it, or those of its parts in their order.
MEASURED = {
    "VII.4.1": ["iso_declared"],
    "VII.4.2": ["iso_audits", "iso_reviews"],
}


class Story:
    """Tells with the persons of the demo; ``env`` is that of its manager."""

    def __init__(self, env):
        self.env = env
        self.province = env.ref("base.main_company")
        self.commune = env.ref("cchc_onestop.demo_user_vanphong").company_id

    def as_(self, login, model, company):
        user = self.env["res.users"].search([("login", "=", login)])
        return (
            self.env[model]
            .with_user(user)
            .with_context(allowed_company_ids=company.ids)
        )

    def measure(self):
        """The province links the criteria; the commune measures its open self-score."""
        metrics = {row.key: row for row in self.env["cchc.reform.metric"].search([])}
        criteria = self.as_("tinh", "cchc.index.criterion", self.province)
        sets = self.as_("tinh", "cchc.index.set", self.province)
        for node in criteria.search(
            [
                ("set_id", "in", sets.search([("code", "=", "MAU-THU")]).ids),
                ("code", "in", list(MEASURED)),
            ]
        ):
            keys = MEASURED[node.code]
            if not node.item_ids:
                node.metric_id = metrics[keys[0]]
            for item, key in zip(node.item_ids, keys, strict=False):
                item.metric_id = metrics[key]
        running = self.as_("vanphong", "cchc.index.assessment", self.commune).search(
            [
                ("company_id", "=", self.commune.id),
                ("year", "=", fields.Date.context_today(self.env.user).year),
                ("state", "=", "draft"),
            ]
        )
        running.action_measure()

    def raise_finding(self):
        """The first open finding becomes a nonconformity; its department accepts it."""
        finding = self.as_(
            "vanphong", "cchc.reform.inspection.finding", self.commune
        ).search(
            [("company_id", "=", self.commune.id), ("state", "=", "open")],
            order="id",
            limit=1,
        )
        finding.action_raise_nonconformity()
        found = self.as_("phochutich", "mgmtsystem.nonconformity", self.commune)
        found.browse(finding.sudo().nonconformity_id.id).action_accept()


def tell(env):
    """Tell how both addons work together."""
    story = Story(env)
    story.measure()
    story.raise_finding()
