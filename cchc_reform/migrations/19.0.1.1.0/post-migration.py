def migrate(cr, version):
    """A criterion had one criterion before, a line one line; now they have several."""
    cr.execute(
        """
        INSERT INTO cchc_index_criterion_previous_rel (criterion_id, previous_id)
        SELECT id, previous_id FROM cchc_index_criterion WHERE previous_id IS NOT NULL
            ON CONFLICT DO NOTHING
        """
    )
    cr.execute(
        """
        INSERT INTO cchc_index_line_previous_rel (line_id, previous_id)
        SELECT id, previous_line_id FROM cchc_index_assessment_line
         WHERE previous_line_id IS NOT NULL
            ON CONFLICT DO NOTHING
        """
    )
