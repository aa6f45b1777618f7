"""copies.py FOLDER OUT: copies of the record that `make_record` wrote to FOLDER, each tampered with in one way, in folders of OUT. For testing other verifiers."""

import sys
from pathlib import Path

from cases import written
from record import read_folder
from tampering import Tampering


def main(folder, out):
    """Every way to spoil a record that `run.py` tries."""
    seed = bytes.fromhex(Path(folder, "log-seed").read_text().strip())
    good = Tampering(read_folder(Path(folder, "record")), seed)
    for number, (_, files, _) in enumerate(good.ways()):
        written(files, Path(out, f"{number:02}"))


if __name__ == "__main__":
    main(*sys.argv[1:])
