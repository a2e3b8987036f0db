from . import cchc_evaluation_entry
from . import cchc_evaluation_invite
from . import cchc_evaluation_push
from . import cchc_petition_move
