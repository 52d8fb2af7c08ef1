"""Every bound that a server sets on what its users may ask of it, in one place."""

from dataclasses import dataclass

MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """What one server lets a user ask for. Whoever meets a bound reads which one it is and what to do.

    The engine and the pages are handed one object; a server with less memory, or a test, makes a smaller one.

    Attributes:
        words, word_length, characters: of a word list: how many, how long each, how many different characters.
        text_bytes: of the text that it is read from.
        replay_steps: that a run which is opened from its recipe may have to be trained again.
        run_bytes, map_bytes: for the kept snapshots of one run, or of a map of fits; fewer bytes keep fewer steps. A
            tab may have its run, the run before it (Undo), a map and a comparison of remedies: some 64 MB in all.
        map_networks, map_parameters, map_steps: of a map of fits; the parameters are those of all its networks.
        epochs: that one command may train through. pins: pinned runs of a session.
        sessions: browser tabs at one time.
        message_bytes, messages_a_second: what a tab may send; `message_burst` of them at once.
        file_bytes: of a file that a user opens.
        saved_runs, saved_run_bytes: that one owner may keep, and of each; auto_runs: that the app keeps by itself.
    """

    words: int = 200_000
    word_length: int = 64
    characters: int = 512
    text_bytes: int = 5 * MEGABYTE
    replay_steps: int = 100_000_000
    run_bytes: int = 20 * MEGABYTE
    map_bytes: int = 20 * MEGABYTE
    map_networks: int = 256
    map_parameters: int = 20_000_000
    map_steps: int = 200_000
    epochs: int = 100_000
    pins: int = 8
    sessions: int = 500
    message_bytes: int = 50_000
    messages_a_second: float = 200.0
    message_burst: int = 400
    file_bytes: int = 5 * MEGABYTE
    saved_runs: int = 200
    saved_run_bytes: int = 64 * MEGABYTE
    auto_runs: int = 10


LIMITS = Limits()
