def migrate(cr, version):
    """Keep one slip in force per dossier: the first; later ones stay as voided."""
    cr.execute(
        """
        UPDATE cchc_evaluation
           SET active = FALSE,
               void_reason = 'Chuyển đổi dữ liệu: mỗi hồ sơ một phiếu đánh giá'
         WHERE active
           AND id NOT IN (
               SELECT DISTINCT ON (dossier_id) id
                 FROM cchc_evaluation
                WHERE active
                ORDER BY dossier_id, evaluated_at, id)
        """
    )
