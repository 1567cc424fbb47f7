"""`pos-app scanners`: the cameras and hand-held scanners that are plugged in, each as `settings.toml` calls it."""

import argparse

from pos_app.cli.say import DONE, Say
from pos_app.scanning.cameras import cameras
from pos_app.scanning.exclusive import keyboards
from pos_app.scanning.serial import serial_ports
from pos_app.settings import ScanningSettings, Settings
from pos_app.words import Text

_NONE = Text(
    "Không thấy camera hay máy quét nào. Máy quét gõ như bàn phím thì không cần cài đặt.",
    "No camera and no scanner was found. A scanner that types needs no setting.",
)


def add_scanners(parser: argparse.ArgumentParser) -> None:
    """The arguments of `scanners`."""
    parser.set_defaults(command=_scanners)


def _scanners(options: argparse.Namespace, settings: Settings, say: Say) -> int:
    there = {
        "camera": [(one.id, one.name) for one in cameras()],
        "serial": serial_ports(),
        "exclusive": keyboards(),
    }
    found = [
        {"setting": setting, "value": value, "name": name, "chosen": _is_chosen(settings.scanning, setting, value)}
        for setting, devices in there.items()
        for value, name in devices
    ]
    say.result({"found": found, "exit_code": DONE})
    for one in found:
        say.line(f'{"*" if one["chosen"] else " "} {one["setting"]} = "{one["value"]}"  {one["name"]}')
    if not found:
        say.line(_NONE)
    return DONE


def _is_chosen(settings: ScanningSettings, setting: str, value: str) -> bool:
    return bool(getattr(settings, setting) == value)
