"""What passed and what failed."""

from cbor import Refused


class Outcome:
    """Counts of named cases; each failure is printed at once."""

    def __init__(self):
        self.passed = self.failed = 0
        self.suite = ""

    def note(self, name, holds, why=""):
        """One case."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {self.suite}: {name} {why}")

    def same(self, name, found, expected):
        """Two values are equal."""
        self.note(name, found == expected, "" if found == expected else f"\n  found    {found}\n  expected {expected}")

    def accepted(self, name, check):
        """The check neither refuses nor says no."""
        try:
            self.note(name, check() is not False)
        except Refused as refusal:
            self.note(name, False, f"refused by {refusal}")

    def refused(self, name, check):
        """The check refuses or says no."""
        try:
            self.note(name, check() is False, "accepted")
        except Refused:
            self.note(name, True)
