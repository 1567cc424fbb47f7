"""`python -m tests.bench`: what the till costs, beside a named baseline of the same run. No machine is too slow."""

import os
import sys

from tests.bench import decode, frame_to_wire, gesture, growth, printing, program


def main() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    for name, part in (
        ("decode", decode.run),
        ("frame to wire", frame_to_wire.run),
        ("gesture", gesture.run),
        ("printing", printing.run),
        ("program", program.run),
        ("growth", growth.run),
    ):
        print(f"measuring: {name} …", file=sys.stderr, flush=True)
        for line in part():
            print(line, flush=True)


if __name__ == "__main__":
    main()
