"""The server: Streamlit's app around `pages/frame.py`, plus the routes of the live channel."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

import streamlit as st
from starlette.middleware import Middleware

from pages.ui.live import loading, logs
from pages.ui.live.page_head import PageHead
from pages.ui.live.routes import routes

BASE = st.get_option("server.baseUrlPath").strip("/")

sys.setswitchinterval(0.0005)  # a training thread that comes back from the kernel need not wait 5 ms for the others
logs.begin()
loading.begin()

app = st.App(
    str(ROOT / "pages" / "frame.py"), routes=routes(f"/{BASE}" if BASE else ""), middleware=[Middleware(PageHead)]
)
