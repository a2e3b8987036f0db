"""Rows written together with a dossier, in one statement per table.

A dossier is received with a dozen rows (parts, fees, steps, a ledger line). What
``create()`` does for each of them beside the statement itself, asking for access to a
row of a dossier just made above all, costs more than the statement. Everything else
is as in ``create()``: defaults, computed columns, what depends on them, constraints.
"""

from odoo.tools import SQL

#: Types whose value is one column and nothing else.
_PLAIN = frozenset(
    {
        *("boolean", "char", "date", "datetime", "float", "integer"),
        *("json", "many2one", "selection", "text"),
    }
)


def is_plain(model, vals_list):
    """Return whether all these values are columns of their own of ``model``."""
    names = {name for vals in vals_list for name in vals}
    return all(_is_plain(model._fields.get(name)) for name in names)


def _is_plain(field):
    return (
        field is not None
        and field.type in _PLAIN
        and field.store
        and not field.translate
        and not field.company_dependent
    )


def insert(model, vals_list):
    """Insert rows and return them, in order.

    Access is not checked: that is up to who calls. The columns of the rows may differ;
    a column that a row lacks gets its default.

    :param model: empty recordset of the model
    :param list vals_list: plain values, see :func:`is_plain`
    """
    if not vals_list:
        return model.browse()
    names = list(dict.fromkeys(name for vals in vals_list for name in vals))
    computed = [
        field
        for field in model._fields.values()
        if field.store and field.compute and field.name not in names
    ]
    lacking = [
        name
        for name, field in model._fields.items()
        if field.default
        and _is_plain(field)
        and any(name not in vals for vals in vals_list)
    ]
    defaults = model.default_get(lacking) if lacking else {}
    names += [name for name in defaults if name not in names]
    if model._log_access:
        now = model.env.cr.now()
        stamp = dict.fromkeys(("create_uid", "write_uid"), model.env.uid)
        stamp |= dict.fromkeys(("create_date", "write_date"), now)
        defaults |= stamp
        names += stamp
    fields = [(name, model._fields[name]) for name in names]
    rows = [
        tuple(
            field.convert_to_column_insert(
                vals[name] if name in vals else defaults.get(name), model, vals
            )
            for name, field in fields
        )
        for vals in vals_list
    ]
    model.env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) VALUES %s RETURNING id",
            SQL.identifier(model._table),
            SQL(", ").join(SQL.identifier(name) for name in names),
            SQL(", ").join(rows),
        )
    )
    records = model.browse(row[0] for row in model.env.cr.fetchall())
    for field in computed:
        model.env.add_to_compute(field, records)
    records.modified(names, create=True)
    records._validate_fields(names)
    return records
