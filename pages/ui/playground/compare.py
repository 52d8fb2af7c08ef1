"""The playground's lower row: best step and early stopping, pin and fork, and the table of pinned runs."""

import streamlit as st

from mlp.settings import SPECS, show
from mlp.words import OWN_LIST
from pages.ui.live.session import Session
from pages.ui.playground import pin_table, pins

FORKABLE = ["hidden", "embedding_dim", "block_size", "learning_rate", "weight_decay", "batch_size", "train_examples",
            "optimizer", "init", "direct", "word_list"]  # fmt: skip

FORK_VALUE = "fork_to_"
FROM_START, FROM_HERE = "from the start", "from here"


def controls(session: Session) -> None:
    """The row of buttons."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Pin this run", icon=":material/push_pin:", on_click=_pin, args=(session,),
            help="Keeps this run’s curve in the chart as a thin line: train dotted, dev solid.",
        )  # fmt: skip
        with st.popover(
            "Fork", icon=":material/fork_right:", key="fork_open", on_change=_begin_anew,
            help="Start a second run from the same seed with one setting changed, and compare both curves.",
        ):  # fmt: skip
            _fork(session)
        with st.popover(
            "Restore best step", icon=":material/star:", key="best_open", on_change="rerun",
            help="Go back to the saved step with the lowest dev loss. (The lowest point of a noisy curve is partly "
            "luck.)",
        ):  # fmt: skip
            _back_to_best(session)
        with st.popover("Early stopping", icon=":material/timer_pause:"):
            _early_stopping(session)
    if fault := st.session_state.get("pin_fault"):
        st.warning(fault, icon=":material/edit:")


def _pin(session: Session) -> None:
    st.session_state.pin_fault = pins.pin_now(session)


def _unpin(session: Session, pin: pins.Pin) -> None:
    st.session_state.pin_fault = ""
    pins.board(session).pins.remove(pin)


def _begin_anew() -> None:
    """A form that is opened begins with the run as it is now."""
    for key in [str(key) for key in st.session_state if str(key).startswith(FORK_VALUE)]:
        del st.session_state[key]
    st.session_state.fork_fault = ""


def _fork(session: Session) -> None:
    st.markdown(
        "Pins this run, then goes on with another from the **same seed** with one setting changed. Both curves are "
        "shown."
    )
    setting = st.selectbox(
        "Setting to change",
        [name for name in FORKABLE if not session.refuses(name)],
        format_func=lambda name: SPECS[name].label,
        key="fork_setting",
    )
    spec, now = SPECS[setting], getattr(session.run.snapshot.settings, setting)
    label, key = f"New value of {spec.label.lower()}", f"{FORK_VALUE}{setting}"
    if spec.choices:
        there = session.run.snapshot.own is not None
        legal = [choice for choice in spec.choices if choice != OWN_LIST or there]
        st.selectbox(label, legal, legal.index(now), format_func=spec.choices.__getitem__, key=key)
    else:
        st.text_input(label, show(setting, now), help=spec.sentence(), key=key)

    where = st.radio(
        "Begin", [FROM_START, FROM_HERE], key="fork_from", horizontal=True,
        help="From here only works for settings that apply to a running network, such as the learning rate.",
    )  # fmt: skip

    def fork() -> None:
        state, here = st.session_state, where == FROM_HERE
        state.fork_fault = pins.fork(session, setting, state[key], here=here)  # as it is at the click
        st.session_state.fork_open = bool(st.session_state.fork_fault)

    st.button("Start the fork", type="primary", on_click=fork)
    if fault := st.session_state.get("fork_fault"):
        st.warning(fault, icon=":material/edit:")


def _back_to_best(session: Session) -> None:
    st.markdown("Goes back to the step with the lowest dev loss. The steps after it are no longer part of this run.")

    def go(keep: bool) -> None:
        st.session_state.pin_fault = pins.back_to_best(session, keep=keep)
        st.session_state.best_open = False

    st.button("Go back and forget later steps", on_click=go, args=(False,))
    st.button("Pin this run first, then go back", on_click=go, args=(True,))


def _early_stopping(session: Session) -> None:
    on = st.toggle("Stop when the dev loss stops improving", key="stop_on", persist_state="session")
    patience = st.number_input(
        "Patience (steps)", 10, 1_000_000, 2000, step=500, key="patience", persist_state="session",
        help="How many steps to wait for a new lowest dev loss; then training stops and the best step is restored. If "
        "it is too short, the noise of small batches stops training early.",
    )  # fmt: skip
    wanted = int(patience) if on else None
    if wanted != session.run.snapshot.patience:
        session.run.set_patience(wanted)


def pinned(session: Session) -> None:
    """The table of pinned runs, if there are any."""
    kept = pins.board(session).pins
    if not kept:
        return
    st.header("Pinned runs", anchor=False)
    pin_table.table(kept, st.context.theme.type == "dark")
    with st.container(horizontal=True):
        for pin in kept:
            st.button(
                f"Open {pin.number}", key=f"open_{pin.number}", on_click=pins.open_pin, args=(session, pin),
                help="Trains this run again, exactly, up to where it was pinned.",
            )  # fmt: skip
            st.button(f"Unpin {pin.number}", key=f"unpin_{pin.number}", on_click=_unpin, args=(session, pin))
