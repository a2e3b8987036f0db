#: Views that stand beside a button of the list of dossiers, and what it is called now.
_BESIDE = {
    "cchc_dossier_view_list_slips": ("action_return_result", "action_bulk_return"),
    "cchc_dossier_view_list_desk": ("action_assign", "action_bulk_accept"),
}


def migrate(cr, version):
    """Let the views that extend the list find its new buttons.

    The list is loaded before them, and is checked together with what they were.
    """
    for name, (old, new) in _BESIDE.items():
        cr.execute(
            """
            UPDATE ir_ui_view view
               SET arch_db = replace(arch_db::text, %s, %s)::jsonb
              FROM ir_model_data data
             WHERE data.module = 'cchc_onestop' AND data.name = %s
               AND data.model = 'ir.ui.view' AND data.res_id = view.id
            """,
            (old, new, name),
        )
