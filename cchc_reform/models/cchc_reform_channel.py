from odoo import fields, models


class CchcReformChannel(models.Model):
    """Channel of communications (hình thức tuyên truyền) with its one or two units.

    What the broadcasts of a year were is told in sessions and in hours, banners in
    pieces and in metres. Hours are kept as minutes.
    """

    _name = "cchc.reform.channel"
    _description = "Channel of Communications"
    _order = "sequence, id"

    key = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("online", "Online"), ("traditional", "Traditional")],
        required=True,
        default="traditional",
        help="The PAR index counts online and traditional ways apart",
    )
    unit1 = fields.Char("Unit", required=True)
    unit2 = fields.Char("Second Unit")
    is_time = fields.Boolean(
        "Second Unit Is Time", help="It is entered in hours and kept in minutes"
    )
    active = fields.Boolean(default=True)

    _key_uniq = models.UniqueIndex("(key)", "There is a channel with this key.")
