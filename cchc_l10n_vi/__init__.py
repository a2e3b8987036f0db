from . import models
from .code_terms import join_folders
from .hooks import post_init_hook

join_folders()
