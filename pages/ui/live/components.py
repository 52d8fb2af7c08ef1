"""The live components: charts, words, transport bar, settings panel, and the bridge to Streamlit.

Each is a Streamlit component whose code is a stub: it loads our scripts, which the browser then keeps. With a stable
key a component is updated in place, so a chart keeps its zoom, and a slider its place under the finger.
"""

import json
from collections.abc import Callable
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from mlp.plots.theme import DARK_FOR
from mlp.settings import SPECS
from mlp.words import singular
from pages.ui.live.commands import handle
from pages.ui.live.frames import Frames, encode
from pages.ui.live.room import ROOM, rule
from pages.ui.live.session import Session, View, current
from pages.ui.live.static_files import STATIC

GROUPS = {
    "Network": ["hidden", "embedding_dim", "block_size", "init", "direct"],
    "Training": ["learning_rate", "batch_size", "weight_decay", "optimizer"],
    "Words": ["word_list", "train_examples", "train_share", "dev_share", "seed"],
}

STUB = """
async function load() {
  for (let i = 0; ; i++) {
    try {
      const again = i ? `?again=${i}` : ""; // a browser may keep a failure for the address that failed
      return await import(new URL(`live/mount.js${again}`, document.baseURI));
    } catch (error) {
      if (i === 3) throw error;
      await new Promise((done) => setTimeout(done, 400 * 2 ** i));
    }
  }
}
const scripts = () => (window.mlpScripts ??= load().catch((error) => {
  window.mlpScripts = null;
  throw error;
}));
function offerAgain(component) {
  const root = component.parentElement.querySelector(".live-root") ?? component.parentElement;
  root.textContent = "A part of this page did not arrive. ";
  const button = document.createElement("button");
  button.className = "live-button";
  button.textContent = "Try again";
  button.onclick = () => location.reload();
  root.append(button);
}
export default function (component) {
  const mounted = scripts().then((live) => (live.mount(component), live), () => offerAgain(component));
  return () => mounted.then((live) => live?.unmount(component));
}
"""

_mounted = st.components.v2.component(
    "mlp_live",
    html='<div class="live-root" translate="no"></div>',  # translated labels, code and names would no longer be true
    css="\n".join(sheet.read_text(encoding="utf-8") for sheet in sorted(STATIC.glob("*.css"))),
    js=STUB,
    isolate_styles=False,  # plotly.js puts its own style into the page
)


def _component(*, key: str, data: dict[str, Any], **callbacks: Any) -> Any:
    """One of our components, with what the browser needs of it.

    It travels as one text: whatever else a component is given Streamlit takes for a table, and imports pandas to see.
    """
    return _mounted(key=key, data={"json": json.dumps(data)}, **callbacks)


def chart(
    key: str,
    title: str,
    figure: go.Figure,
    view: View,
    command: str | None = None,
    *,
    drags: str | None = None,
    wide: bool = False,
) -> None:
    """A live chart: `figure` is drawn once, `view` patches it from each snapshot (see `mlp.plots`).

    A `wide` one keeps a width at which it can be read, and scrolls sideways on a phone. A click sends `command`, one
    of `Session.handlers`, with the place {"x", "y"} that was clicked. A drag sends `drags`, another of them, with
    {"x", "y", "phase"}: "begin", then "move" as often as can be shown, and "end".
    """
    current().show(key, view)
    _reserve(key, figure)
    _component(
        key=f"live-{key}", data={**_drawing(key, title, figure), "command": command, "drags": drags, "wide": wide}
    )


def diagram(
    key: str,
    title: str,
    figure: go.Figure,
    view: View,
    on_click: Callable[[str], None] | None = None,
    *,
    wide: bool = True,
) -> str | None:
    """A live chart whose parts can be pointed at and clicked; a mark's part is the first entry of its `customdata`.

    The browser lights a part from `layout.meta["highlights"]` and says what it is from `layout.meta["notes"]`, where
    the figure has them. A click calls `on_click` with the part's name before the script runs, and returns that name.
    """
    current().show(key, view)

    def hear() -> None:
        part = st.session_state[f"live-{key}"].clicked
        if on_click and part:
            on_click(part)

    data = {**_drawing(key, title, figure), "clicks": True, "wide": wide}
    _reserve(key, figure)
    return _component(key=f"live-{key}", data=data, on_clicked_change=hear).clicked


def _drawing(key: str, title: str, figure: go.Figure) -> dict[str, Any]:
    """What the browser needs of every chart."""
    return {"kind": "chart", "key": key, "title": title, "figure": json.loads(figure.to_json()), "dark": DARK_FOR}


def _reserve(key: str, figure: go.Figure) -> None:
    """The place that the chart will take, so that nothing below moves when it comes."""
    height = figure.layout.height
    if ROOM.get(key) != height:
        st.html(f"<style>{rule(key, height)}</style>")


def live_words(key: str, title: str, view: View, *, large: bool = False) -> None:
    """Live words: `view` gives {"words": [{"text", "known"}, …], "story", "label"} from each snapshot.

    "story" may be left out: {"step", "text"} of earlier words. `large` ones are never cut.
    """
    current().show(key, view)
    _component(key=f"live-{key}", data={"kind": "words", "key": key, "title": title, "large": large})


def live_table(
    key: str, title: str, view: View, *, mono: bool = False, long: bool = False, row: Literal["first", "next", ""] = ""
) -> None:
    """Live text: `view` gives {"text", "columns", "rows", "strong"} from each snapshot, each part optional.

    `rows` is a table of texts; `strong` the numbers of the rows to stress. `mono` sets the table like code; `long`
    texts are broken where a line ends, also in the midst of a word. Tables of one row that stand below one another, a
    name and numbers each, are set as one: of all but the `first` the headings are there only to be read aloud.
    """
    current().show(key, view)
    how = {"mono": mono, "long": long, "row": row}
    _component(key=f"live-{key}", data={"kind": "text", "key": key, "title": title, **how})


def writer(key: str, view: View, on_press: dict[str, Callable[[Any], None]], noun: str) -> None:
    """A word that is written character by character: `view` gives {"tiles", "over", "text", "finished", "number"}.

    Its buttons call `on_press["draw"]` and `on_press["next"]`, in the thread of the socket. `noun`: what is written,
    "names" or "words".
    """
    session = current()
    session.show(key, view)

    def press(name: str) -> Callable[[Any], None]:
        def pressed(value: Any) -> None:
            on_press[name](value)
            session.run.notify()

        return pressed

    for name in on_press:
        session.handlers[f"{key}-{name}"] = press(name)
    _component(key=f"live-{key}", data={"kind": "writer", "key": key, "noun": noun, "one": singular(noun)})


def grid_sliders(key: str, view: View, number: int, place: str) -> None:
    """Sliders that move over a map of fits, and the map's progress (see `pages.ui.lab.views.scrub`).

    Where `number` is that of a new map, the container of the key `place` glides into sight.
    """
    current().show(key, view)
    _component(key=f"live-{key}", data={"kind": "scrub", "key": key, "number": number, "place": place})


def verdict(key: str, view: View) -> None:
    """A verdict in plain words: `view` gives {"verdict", "sentence", "reasons"} from each snapshot."""
    current().show(key, view)
    _component(key=f"live-{key}", data={"kind": "verdict", "key": key})


def transport() -> None:
    """The transport bar."""
    hidden = [name for name in ("new_seed", "link") if current().refuses(name)]
    _component(key="live-transport", data={"kind": "transport", "hidden": hidden})


def guide(view: View, on_press: Callable[[str], None]) -> None:
    """The panel of a guided lesson (see `pages.ui.guide.guide`).

    A press of "back", "next" or "leave", and the end of what the lesson waited for, "go on …", calls `on_press` before
    the script runs.
    """
    current().show("guide", view)

    def hear() -> None:
        # Where the lesson has just opened another page, Streamlit has already dropped what the panel there had sent.
        if pressed := getattr(st.session_state.get("live-guide"), "pressed", None):
            on_press(str(pressed))

    _component(key="live-guide", data={"kind": "guide", "key": "guide"}, on_pressed_change=hear)


def timeline(on_continue: Callable[[int, bool], None]) -> None:
    """The timeline: a slider over the steps of the run so far.

    A press of "Continue from here" calls `on_continue` with the step, and whether what came after is to be kept.
    """

    def hear() -> None:
        chosen = st.session_state["live-timeline"].chosen
        if chosen:
            on_continue(int(chosen["step"]), bool(chosen["keep"]))

    _component(key="live-timeline", data={"kind": "timeline"}, on_chosen_change=hear)


def contents() -> None:
    """The sections of the page, as a list that leads to each."""
    _component(key="live-contents", data={"kind": "contents"})


def panel(*, folded: bool = False) -> None:
    """The settings panel: every setting that a class does not hide, made from the table of settings.

    On a page where settings matter less its groups are `folded` when it is opened.
    """
    left = {title: [name for name in names if not current().refuses(name)] for title, names in GROUPS.items()}
    groups = [
        {"title": title, "specs": [_spec(name) for name in names], "open": title != "Words"}
        for title, names in left.items()
        if names
    ]
    _component(key="live-panel", data={"kind": "panel", "groups": groups, "names": list(SPECS), "folded": folded})


def _spec(name: str) -> dict[str, Any]:
    spec = SPECS[name]
    choices = {str(value).lower(): label for value, label in spec.choices.items()} if spec.choices else None
    return {
        "name": name, "label": spec.label, "help": spec.help, "of_list": spec.of_list, "low": spec.low,
        "high": spec.high, "step": spec.step, "scale": spec.scale, "unit": spec.unit, "none": spec.none,
        "whole": spec.whole, "choices": choices,
    }  # fmt: skip


def bridge(session: Session) -> None:
    """Connects the page to the live channel; where no socket can be opened, feeds it through a fragment instead.

    The page's script runs again when a setting has made another network.
    """
    if st.session_state.get("live-slow"):
        _slow_bridge(session)
        return
    network = session.run.snapshot.network
    data = {"kind": "bridge", "token": session.token, "network": network, "owner": session.owner}
    _component(key="live-bridge", data=data, on_slow_change=_become_slow, on_network_change=lambda: None)


def _become_slow() -> None:
    st.session_state["live-slow"] = True


@st.fragment(run_every=0.25)
def _slow_bridge(session: Session) -> None:
    def carry_out() -> None:
        for message in st.session_state["live-slow-bridge"].commands or []:
            try:
                handle(session, message)
            except ValueError:
                session.app.refused.add()

    frame = {"frame": 0, **Frames(session).frame(session.run.now(), list(session.views))}
    result = _component(
        key="live-slow-bridge",
        data={"kind": "bridge", "slow": True, "token": session.token, "frame": json.loads(encode(frame))},
        on_commands_change=carry_out,
        on_fast_change=lambda: None,
    )
    session.app.frames.add()
    if result.fast:
        st.session_state["live-slow"] = False
        st.rerun()
