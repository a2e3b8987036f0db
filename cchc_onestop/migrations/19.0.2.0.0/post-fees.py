def migrate(cr, version):
    """Let dossiers that wait for a fee go on with its payment.

    The reason came before its setting; loading data does not touch reasons that an
    office may have changed.
    """
    cr.execute(
        """
        UPDATE cchc_reason reason SET resume_on_payment = TRUE
          FROM ir_model_data data
         WHERE data.module = 'cchc_onestop' AND data.name = 'reason_finance_fee'
           AND data.model = 'cchc.reason' AND data.res_id = reason.id
        """
    )
