"""What stands here already: a journal that was begun, keys that are missing for it. Nothing dear is imported."""

import os

from pos_app.payments.environment import Environment
from pos_app.settings import KEYS_NAME, data_folder, environment_in_use, folder_of


def lacks_keys() -> bool:
    """Whether real payments were begun or restored here, or asked for, and there are no keys to go on with them."""
    if environment_in_use() is Environment.BUILT_IN:
        return False
    try:
        (data_folder() / KEYS_NAME).stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False  # it may not be asked: whoever opens the till says so
    return False


def takes_real_money() -> bool:
    """Whether keys for real money are here, whatever is open now: the settings are the same for all environments."""
    return os.path.exists(folder_of(Environment.LIVE) / KEYS_NAME)  # noqa: PTH110 - False too where it may not be asked


def journal_begun() -> bool:
    """Whether a journal of any environment is here: it belongs to its till for good."""
    return any(any(folder_of(environment).glob("journal.*")) for environment in Environment)
