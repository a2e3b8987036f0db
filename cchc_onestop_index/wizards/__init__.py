from . import cchc_settlement_appraise
