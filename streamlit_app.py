"""The server: Streamlit's app around `pages/frame.py`, plus the routes of the live channel."""

import gc
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402
import torch  # noqa: E402

from mlp.kernel.choice import compile_in_background  # noqa: E402
from pages.ui.live.channel import routes  # noqa: E402
from pages.ui.live.session import application  # noqa: E402

BASE = st.get_option("server.baseUrlPath").strip("/")

torch.set_num_threads(1)  # many small sums for many tabs: a second thread for each only gets in the way
sys.setswitchinterval(0.0005)  # a training thread that comes back from the kernel need not wait 5 ms for the others
compile_in_background()

app = st.App(str(ROOT / "pages" / "frame.py"), routes=routes(application(), f"/{BASE}" if BASE else ""))

gc.collect()
gc.freeze()  # what the imports made will stay; later collections need not look at it again
