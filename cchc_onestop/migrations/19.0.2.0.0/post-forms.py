"""Give the shipped editions of the forms what they got with the new layouts."""

#: external id: (form of the list of 2025, wording, report)
_EDITIONS = {
    "form_01_2018": ("01", "2018", "report_receipt_action"),
    "form_02_2018": ("02", "2018", "report_supplement_action"),
    "form_03_2018": ("03", "2018", "report_refusal_action"),
    "form_04_2018": ("04", "2018", "report_apology_action_2018"),
    "form_05_2018": ("06", "2018", "report_slip_action_2018"),
    "form_06_2018": ("07", "2018", None),
    "form_01_2025": ("01", "2025", "report_receipt_action"),
    "form_02_2025": ("02", "2025", "report_supplement_action"),
    "form_03_2025": ("03", "2025", "report_refusal_action"),
    "form_04_2025": ("04", "2025", "report_apology_action"),
    "form_05_2025": ("05", "2025", "report_stop_action"),
    "form_06_2025": ("06", "2025", "report_slip_action"),
    "form_07_2025": ("07", "2025", None),
}
#: Symbols of the numbers of forms that had none of their own.
_PATTERNS = {
    "form_05_2018": "{seq:2}/PKS",
    "form_05_2025": "{seq:2}/TB",
    "form_06_2025": "{seq:2}/PKS",
}


def migrate(cr, version):
    """Name form, wording and layout; a layout that an office chose is kept."""
    for name, (form, wording, report) in _EDITIONS.items():
        cr.execute(
            """
            UPDATE cchc_form_edition edition
               SET form = %s, wording = %s,
                   report_id = COALESCE(edition.report_id, (
                       SELECT res_id FROM ir_model_data
                        WHERE module = 'cchc_onestop' AND name = %s
                          AND model = 'ir.actions.report'))
              FROM ir_model_data data
             WHERE data.module = 'cchc_onestop' AND data.name = %s
               AND data.model = 'cchc.form.edition' AND data.res_id = edition.id
            """,
            (form, wording, report, name),
        )
    for name, pattern in _PATTERNS.items():
        cr.execute(
            """
            UPDATE cchc_form_edition edition SET number_pattern = %s
              FROM ir_model_data data
             WHERE data.module = 'cchc_onestop' AND data.name = %s
               AND data.model = 'cchc.form.edition' AND data.res_id = edition.id
               AND edition.number_pattern = '{seq:2}/TTPVHCC'
            """,
            (pattern, name),
        )
