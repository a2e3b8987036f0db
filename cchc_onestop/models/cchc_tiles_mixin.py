from odoo import api, models
from odoo.fields import Domain


class CchcTilesMixin(models.AbstractModel):
    """Figures of an overview page, each with the list of the records behind it."""

    _name = "cchc.tiles.mixin"
    _description = "Tiles of an Overview"

    @api.model
    def _tile(self, key, label, model, domain, colour="danger"):
        """Return a counted figure with its list; ``None`` for what is not readable.

        Nothing is green: there is nothing to do there.
        """
        records = self.env[model]
        if not records.has_access("read"):
            return None
        value = records.search_count(domain)
        return self._figure(
            key,
            label,
            value,
            colour if value else "success",
            action=self._list(label, model, domain),
        )

    @api.model
    def _figure(self, key, label, value, colour, note="", action=None, unit=""):
        """Return a figure; ``value`` is a number, a text, or ``None`` for a dash."""
        return {
            "key": key,
            "label": label,
            "value": value,
            "unit": unit,
            "colour": colour,
            "note": note,
            "action": action,
        }

    @api.model
    def _list(self, name, model, domain):
        """Return the action that lists the records of a figure."""
        return {"name": name, "res_model": model, "domain": list(Domain(domain))}
