"""The class: a teacher opens one for all, and sees how each member's network is doing; members see the board."""

import streamlit as st

from pages.ui.classroom import member, teacher
from pages.ui.live.session import current

session = current()
st.title("Class", anchor=False)
room = teacher.room_of(session)
if room:
    teacher.show(session, room)
elif session.room:
    member.show(session, session.room)
else:
    teacher.open_class(session)
