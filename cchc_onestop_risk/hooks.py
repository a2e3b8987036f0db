def post_init_hook(env):
    """Have the history read as soon as the scheduler runs, not only the next night."""
    env.ref("cchc_onestop_risk.ir_cron_risk_build")._trigger()
