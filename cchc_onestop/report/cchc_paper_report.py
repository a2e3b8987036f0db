from odoo import api, models

from ..tools import paper


class CchcPaperReport(models.AbstractModel):
    """What the papers drawn from one record share: rights, language, head.

    A paper inherits this model as ``report.<addon>.<report>``, names the model it is
    drawn from and returns all texts of one record in :meth:`_get_sheet`; its template
    goes through ``sheets``. The words of a paper are official, the same in every
    interface language.
    """

    _name = "cchc.paper.report"
    _description = "Base of the Papers of a Record"

    #: model of the records that are printed
    _paper_model = ""

    @api.model
    def _get_report_values(self, docids, data=None):
        docs = self.env[self._paper_model].browse(docids).with_context(lang="vi_VN")
        docs.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": docs._name,
            "docs": docs,
            "sheets": [self._get_sheet(doc) for doc in docs],
        }

    @api.model
    def _get_sheet(self, doc):
        """Return all texts of the paper of one record."""
        raise NotImplementedError

    @api.model
    def _get_place_and_date(self, agency, day):
        return paper.place_and_date(agency.cchc_place or agency.city, day)
