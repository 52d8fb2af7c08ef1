"""Which of several servers a browser is on, where a proxy stands before them and says it (see `deploy/nginx.conf`).

A class is in the memory of one of them, so its address names it; whoever opens the address is brought there.
"""

import re
from collections.abc import Mapping

PARAMETER = "replica"  # in the address
COOKIE = "mlp_replica"
FORM = re.compile(r"\w{1,40}", re.ASCII)


def of(cookies: Mapping[str, str]) -> str:
    """The name of the server that a browser's cookies tell; "" where there is one server only."""
    name = str(cookies.get(COOKIE, ""))
    return name if FORM.fullmatch(name) else ""
