"""What a till is started with: the keys that were entered, or the demo."""

from pathlib import Path
from typing import NamedTuple

from pos_app.keys.keystore import SealedBy, sealed_by
from pos_app.payments.environment import Environment
from pos_app.settings import data_folder, environment_in_use


class Start(NamedTuple):
    """What `pos-app` would open now.

    Attributes:
        environment: whose gateway.
        folder: where its data lie.
        sealed_by: how its keys are sealed: PASSPHRASE means that somebody has to type one. None for no keys: the demo,
            or a restored journal whose keys have to be entered again.
    """

    environment: Environment
    folder: Path
    sealed_by: SealedBy | None

    @property
    def set_up(self) -> bool:
        """Whether there are keys."""
        return self.sealed_by is not None


def what_to_start() -> Start:
    """Live when live keys are there, else sandbox, else the demo; or what `settings.use_environment` chose.

    It opens no key.

    Raises:
        KeysDamagedError: there is a file of keys that is none of ours.
    """
    environment, folder = environment_in_use(), data_folder()
    return Start(environment, folder, None if environment is Environment.BUILT_IN else sealed_by(folder))
