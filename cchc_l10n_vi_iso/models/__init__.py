from . import ir_module_module
from . import mgmtsystem_audit
