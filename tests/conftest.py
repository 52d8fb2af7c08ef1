"""What every test shares: no time limit a hypothesis example, since the machines that run these differ."""

from hypothesis import settings

settings.register_profile("app", deadline=None)
settings.load_profile("app")
