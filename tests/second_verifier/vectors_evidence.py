"""The known answers of chapter 06b."""

import json

from cbor import Refused
from evidence import Evidence
from vectors_cryptography import FOLDER

un = bytes.fromhex


def files(test):
    """What each file shows, and those that show nothing."""
    known = json.loads((FOLDER / "evidence.json").read_text())
    for number, case in enumerate(known["valid"]):
        test.same(f"{number}: {case['claim']}", Evidence(un(case["file"])).check(), case["finding"])
    for case in known["refused"]:
        test.refused(case.get("why", f"byte {case.get('byte')}"), lambda data=un(case["file"]): Evidence(data).check())


def altered(test):
    """A changed byte convicts nobody else, and clears nobody else (EVD-4)."""
    known = json.loads((FOLDER / "evidence.json").read_text())
    for number, case in enumerate(known["valid"]):
        data, spared = un(case["file"]), []
        for place in range(0, len(data), 37):
            changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1:]
            spared.append(harmless(changed, case["finding"]))
        test.note(f"{number}: {case['claim']}", all(spared))


def harmless(data, honest):
    """Whether these bytes show nothing that the honest ones do not."""
    try:
        finding = Evidence(data).check()
    except Refused:
        return True
    same = all(culprit in honest["culprits"] for culprit in finding["culprits"]) and finding.get("cleared") in (None, honest.get("cleared"))
    return finding["election"] != honest["election"] or same


SUITES = (files, altered)
