"""What can go wrong, as a tree; each kind has the exit code the command line ends with."""


class KinemaError(Exception):
    """Something the user can mend; its message states rule, value and remedy."""

    exit_code = 1


class InvalidRequest(KinemaError):
    """A prompt, a size, a length or another wish that cannot be met."""

    exit_code = 2


class InvalidStoryboard(KinemaError):
    """A storyboard file that is not one."""

    exit_code = 3


class UnknownConcept(KinemaError):
    """A storyboard names a set, a species, a garment or an action this version cannot stage."""

    exit_code = 4


class OutputFailed(KinemaError):
    """The target folder cannot be written, or the disk is full."""

    exit_code = 5


class WeightsDamaged(KinemaError):
    """The painter's weights are missing, truncated or altered."""

    exit_code = 6


class MissingExtra(KinemaError):
    """A part needs packages that the default install leaves out."""

    exit_code = 7
