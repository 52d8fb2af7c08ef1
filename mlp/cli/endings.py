"""How a command ends when not well: the exit codes that scripts can tell apart, each with a sentence for stderr."""

from click import ClickException


class Diverged(ClickException):
    """The run has no finite numbers any more."""

    exit_code = 1  # 2 is click's own, for a command line that makes no sense


class FileFault(ClickException):
    """A file cannot be read or written, or does not hold what it should."""

    exit_code = 3

    @classmethod
    def of(cls, name: str, error: Exception) -> "FileFault":
        """What is wrong with a file: as the system says it, or whoever looked into it."""
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return cls(f"{shown(name)}: {reason}")


class EngineFault(ClickException):
    """What a sweep was to train on cannot be reached, or could not finish."""

    exit_code = 4


class Interrupted(ClickException):
    """Ctrl-C."""

    exit_code = 130


CODES = f"""\b
Exit codes:
  0    done
  {Diverged.exit_code}    the run diverged (of a sweep: every network did)
  2    an option or a setting is wrong
  {FileFault.exit_code}    a file cannot be read or written, or does not hold what it should
  {EngineFault.exit_code}    the engine of a sweep cannot be reached, or could not finish
  {Interrupted.exit_code}  interrupted (Ctrl-C)"""


def shown(name: str) -> str:
    """A file's name for a reader."""
    return "standard input" if name == "-" else name
