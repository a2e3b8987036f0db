from . import cchc_risk_explanation
