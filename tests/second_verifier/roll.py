"""Rolls, credentials and replacements (ROL-1 to ROL-8)."""

from cbor import require
from ristretto import IDENTITY, point
from schnorr import possession_equation
from transcript import Transcript, tagged_hash

ROWS = 1000


class Roll:
    """What the registrars have posted so far."""

    def __init__(self, manifest, election):
        self.manifest, self.election = manifest, election
        self.registrars = len(manifest.registrars)
        self.chunks = -(-manifest.roll_length // ROWS)
        self.ids = {}               # submission ids by (registrar, chunk)
        self.units = {}             # roll index: (unit, weight)
        self.parts = {}             # roll index: keys so far
        self.index_of = {}          # credential key in force: roll index
        self.ever = set()           # every combined key there was
        self.rounds = {}            # roll index: completed replacements
        self.pending = {}           # roll index: {registrar: key}
        self.fingerprint = None

    def chunk(self, registrar, body, submission):
        """A `Roll`; returns the equations of its proof."""
        c = body.chunk
        require(body.chunks == self.chunks and c < self.chunks, "ROL-1", "another number of chunks")
        require(len(body.rows) == min(ROWS, self.manifest.roll_length - ROWS * c), "ROL-1", "another number of rows")
        require((registrar, c) not in self.ids, "ROL-1", "a chunk twice")
        t = Transcript("credential-possession", self.election).context(registrar=registrar, chunk=c, count=len(body.rows))
        for r, row in enumerate(body.rows, ROWS * c):
            require(row.unit < len(self.manifest.units), "ROL-2", "a unit that the manifest has not")
            require(1 <= row.weight <= self.manifest.largest_weight, "ROL-2", "a weight out of range")
            require(self.units.get(r, (row.unit, row.weight)) == (row.unit, row.weight), "ROL-4", "registrars disagree about a row")
            t.context(index=r, unit=row.unit, weight=row.weight, key=row.key)
        keys = [row.key for row in body.rows]
        equation = possession_equation(t, keys, body.possession)
        for r, row in enumerate(body.rows, ROWS * c):
            self.units[r] = (row.unit, row.weight)
            self.parts.setdefault(r, []).append(row.key)
            if len(self.parts[r]) == self.registrars:
                self._combine(r, self.parts[r])
        self.ids[registrar, c] = submission
        if len(self.ids) == self.registrars * self.chunks:
            ids = [[self.ids[i, c] for c in range(self.chunks)] for i in range(1, self.registrars + 1)]
            self.fingerprint = tagged_hash("roll", self.election, ids)
        return [equation]

    def _combine(self, r, keys):
        """The credential key of a row is the sum of the registrars' keys."""
        key = point(keys[0]) if len(keys) == 1 else sum((point(k) for k in keys), IDENTITY)
        require(not key.is_identity(), "ROL-5", "a credential key is the identity")
        require(bytes(key) not in self.ever, "ROL-5", "a credential key occurs twice")
        self.ever.add(bytes(key))
        self.index_of[bytes(key)] = r

    def replacement(self, registrar, body, voted):
        """A `Replacement`; `voted` says whether a roll index has a ballot. Returns the equations of its proof."""
        r = body.index
        require(self.manifest.replacement, "ROL-6", "the manifest allows no replacement")
        require(self.fingerprint is not None, "ROL-7", "the roll is not complete")
        require(r < self.manifest.roll_length, "ROL-7", "no such roll index")
        require(body.round == 1 + self.rounds.get(r, 0), "ROL-7", "another round")
        require(registrar not in self.pending.get(r, {}), "ROL-7", "a registrar twice in a round")
        require(not voted(r), "ROL-8", "the credential to be replaced has a ballot")
        t = Transcript("credential-possession", self.election).context(registrar=registrar, round=body.round, index=r)
        equation = possession_equation(t, [body.key], body.possession)
        parts = self.pending.setdefault(r, {})
        parts[registrar] = body.key
        if len(parts) == self.registrars:
            old = next(key for key, index in self.index_of.items() if index == r)
            self._combine(r, list(parts.values()))
            del self.index_of[old], self.pending[r]
            self.rounds[r] = body.round
        return [equation]
