"""The errors a user can meet; each carries the exit code the command line ends with."""


class RiskmodelsError(Exception):
    """A failure with one clear line: where, what was found, what was expected."""

    exit_code = 40


class Misuse(RiskmodelsError):
    """The request itself can't be carried out: a wrong name, value or combination."""

    exit_code = 2


class DataRefused(RiskmodelsError):
    """The data don't meet their contract; nothing was changed."""

    exit_code = 30


class SampleError(DataRefused, ValueError):
    """A sample a model can't be fitted or applied to; also a ValueError, as scikit-learn's callers expect."""


class RunFailed(RiskmodelsError):
    """A run started and did not finish; nothing was promoted."""

    exit_code = 40


class Locked(RiskmodelsError):
    """Another process holds what this one needs."""

    exit_code = 42
