from pathlib import Path

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_matrix import AccessMatrixMixin
from odoo.addons.cchc_onestop.tools.guard import unlocked

from .common import SignCase


@tagged("post_install", "-at_install")
class TestSignAccessMatrix(AccessMatrixMixin, SignCase):
    """Role × model × operation × agency, from ``access_matrix.csv``.

    ``clerk`` keeps the seal and sits at the desk.
    """

    matrix_module = "cchc_onestop_sign"
    matrix_path = Path(__file__).parent / "access_matrix.csv"
    matrix_roles = {**AccessMatrixMixin.matrix_roles, "clerk": "clerk"}

    def _matrix_records(self):
        own = self._signed()
        foreign = self._signed()
        self.env.flush_all()
        batch = unlocked(self.env["cchc.signature.batch"]).create(
            {
                "kind": "sign",
                "user_id": self.leader.id,
                "company_id": self.commune.id,
                "line_ids": [(0, 0, {"dossier_id": own.id})],
            }
        )
        other_batch = unlocked(batch).copy({"company_id": self.neighbour.id})
        other_line = unlocked(batch.line_ids).copy({"batch_id": other_batch.id})
        provider = self.provider.copy({"company_id": self.neighbour.id})
        other_key = self.leader_key.copy(
            {"provider_id": provider.id, "user_id": self.outsider.id}
        )
        self.env.cr.execute(
            "UPDATE cchc_dossier SET company_id = %s, receiving_company_id = %s "
            "WHERE id = %s",
            (self.neighbour.id, self.neighbour.id, foreign.id),
        )
        self.env.invalidate_all()
        found = {}
        for place, dossier in (("own", own), ("foreign", foreign)):
            signature = dossier.sudo().signature_ids
            found["cchc.signature", place] = signature
            found["cchc.signature.check", place] = signature.check_id
        found.update(
            {
                ("cchc.signature.provider", "own"): self.provider,
                ("cchc.signature.provider", "foreign"): provider,
                # the certificate of the agency, of the leader, of a foreign person
                ("cchc.signature.key", "agency"): self.agency_key,
                ("cchc.signature.key", "own"): self.leader_key,
                ("cchc.signature.key", "foreign"): other_key,
                ("cchc.signature.batch", "own"): batch,
                ("cchc.signature.batch", "foreign"): other_batch,
                ("cchc.signature.batch.line", "own"): batch.line_ids,
                ("cchc.signature.batch.line", "foreign"): other_line,
                ("cchc.trust.root", "all"): self.root,
                ("cchc.signature.secret", "all"): self.env["cchc.signature.secret"]
                .sudo()
                .search([], limit=1),
            }
        )
        return found
