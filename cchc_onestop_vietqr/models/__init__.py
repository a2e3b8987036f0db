from . import cchc_payment
from . import res_partner_bank
