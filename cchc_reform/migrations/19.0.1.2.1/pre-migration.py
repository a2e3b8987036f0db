def migrate(cr, version):
    """Have the heading of how a figure is counted translated anew.

    Odoo keeps a translation that stands in the database, and this one was a button's.
    """
    cr.execute(
        "UPDATE ir_model_fields SET field_description = field_description - 'vi_VN' "
        "WHERE model = 'cchc.reform.metric' AND name = 'source'"
    )
