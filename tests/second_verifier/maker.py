"""Elections made from the specification alone, by every official and voter at once, to be verified here and elsewhere."""

from hashlib import sha256

import note
import prover
from cbor import Refused, encode
from ed25519 import public_key, sign
from fold import Election
from prover import public, secret
from record import files_of
from ristretto import G, IDENTITY, L
from tally import Tally
from schema import NAMES, SUITE, Entry
from transcript import Transcript, tagged_hash
from tree import leaf, root_of

START = 29_000_000
ROLES = {"authority": 0, "registrar": 1, "trustee": 2, "credential": 3, "anyone": 4}


class Maker:
    """An election and all its secrets. `fold` is the state after the entries posted so far."""

    def __init__(self, trustees=3, registrars=1, voters=((0, 1),) * 5, witnesses=0, **changes):
        self.authority, self.trustees = secret(), [(secret(), secret()) for _ in range(trustees)]
        self.registrars, self.voters = [secret() for _ in range(registrars)], list(voters)
        self.credentials = [[secret() for _ in range(registrars)] for _ in voters]
        self.log_seed = sha256(public(self.authority)).digest()
        self.witness_seeds = [sha256(self.log_seed + bytes([i])).digest() for i in range(witnesses)]
        self.election_id = sha256(self.log_seed).digest()
        self.polynomials, self.entries, self.ids, self.fold = {}, [], [], None
        self.now = START                     # the board's clock
        self.ended, self.start = [], 0       # logs that were continued, as (entries, origin, key, seed); where the present one begins
        self.origin = "board.example/" + self.election_id.hex()
        self.log_key = note.Key(self.origin, note.LOG_KEY, public_key(self.log_seed))
        self.witnesses = [note.Key(f"witness-{i}.example", note.COSIGNER_KEY, public_key(s)) for i, s in enumerate(self.witness_seeds)]
        self.manifest = {**self._manifest(), **changes}
        self.F = tagged_hash("election", encode([0, list(self.manifest.values())]))

    def _possession(self, role, index, name, *xs):
        t = Transcript("key-possession", self.election_id).context(role=role, index=index, name=name)
        return prover.possession(t, xs)

    def official(self, role, index, name, *xs):
        """The manifest's item about an official."""
        return [name, *map(public, xs), self._possession(role, index, name, *xs)]

    def _manifest(self):
        policy = f"log {self.log_key.text()}\n"
        policy += "".join(f"witness w{i} {key.text()}\n" for i, key in enumerate(self.witnesses))
        names = " ".join(f"w{i}" for i in range(len(self.witnesses)))
        policy += f"group some {len(self.witnesses) // 2 + 1} {names}\nquorum some\n" if names else "quorum none\n"
        n = len(self.trustees)
        k = (n + 1) // 2
        return {
            "suite": SUITE, "sealing": "homomorphic", "election_id": self.election_id, "title": "Made in another language", "texts": [],
            "contests": [["Ja oder Nein?", [0], ["Ja", "Nein"], True]], "units": [["Unit 0", [0]]], "k": k, "q": k,
            "trustees": [self.official(2, i, f"Trustee {i}", *xs) for i, xs in enumerate(self.trustees, 1)],
            "registrars": [self.official(1, i, f"Registrar {i}", x) for i, x in enumerate(self.registrars, 1)],
            "authority": self.official(0, 0, "Authority", self.authority), "roll_length": len(self.voters),
            "largest_weight": max(weight for _, weight in self.voters), "revote": 0, "replacement": True,
            "stage_deadlines": [START + 100, START + 200, START + 300, START + 400],
            "opening": START + 500, "closing": START + 1000, "latest_closing": START + 2000, "grace": 10,
            "log_origin": self.origin, "log_key": self.log_key.text(), "policy": policy, "minimum_unit": 0,
            "waivers": ([0] if n == 1 or k == n or 2 * k > n + 1 else []) + ([] if names else [1])}

    # The board

    def entry(self, role, who, kind, content, x=None, **fields):
        """An entry, signed with x, in the next place; `fields` puts others than the right ones."""
        author = encode([ROLES[role]] + ([] if who is None else [who]))
        data = fields.get("body") or encode([NAMES.index(kind), content])
        t = Transcript("entry-signature", self.F).context(author=author, body=data)
        signed = fields.get("signature", prover.signature(t, x) if x else b"")
        previous = tagged_hash("entry", self.entries[-1]) if self.entries else bytes(32)
        return encode([fields.get("index", len(self.entries)), fields.get("previous", previous), fields.get("time", self.now), author, data, signed])

    def post(self, data):
        """Record an entry that must be valid."""
        entry = Entry(data)
        if self.fold is None:
            self.fold = Election(entry)
        self.fold.apply(entry)
        self.entries.append(data)
        self.ids.append(tagged_hash("submission", self.F, entry.author_bytes, entry.body_bytes))
        return self.ids[-1]

    def checkpoint(self, entries=None, times=(), log=None):
        """The checkpoint of the entries, of the present log or another, cosigned by the first witnesses at those times (seconds)."""
        origin, key, seed = log or (self.origin, self.log_key, self.log_seed)
        entries = self.entries[self.start:] if entries is None else entries
        text = note.checkpoint_text(origin, len(entries), root_of(map(leaf, entries)))
        lines = note.signed(text, key, seed)
        for key, seed, time in zip(self.witnesses, self.witness_seeds, times):
            signed = time.to_bytes(8, "big") + sign(seed, f"cosignature/v1\ntime {time}\n{text}".encode())
            lines += f"\u2014 {key.name} {note.b64encode(key.identifier + signed).decode()}\n".encode()
        return lines

    def files(self, *more, times=None, earlier=None):
        """The record, with more entries behind those posted, cosigned by all witnesses unless other times are given; `earlier` are those
        of the logs that were continued. A continuation among `more` begins the next log."""
        everyone = [60 * START + 1] * len(self.witnesses)
        times, earlier = (everyone if given is None else given for given in (times, earlier))
        logs = list(self.ended)
        present = (self.entries[self.start:], self.origin, self.log_key, self.log_seed)
        if more and self._continues(more[0]):
            logs.append(present)
            logs.append((list(more), *self.successor()))
        else:
            logs.append((present[0] + list(more), *present[1:]))
        files = {}
        for number, (entries, *log) in enumerate(logs, 1):
            cosigned = times if number == len(logs) else earlier
            part = files_of(entries, self.checkpoint(entries, cosigned, log))
            files |= {path if number == 1 else f"{number}/{path}": data for path, data in part.items()}
        return files

    def _continues(self, data):
        try:
            return Entry(data).type == "Continuation"
        except Refused:
            return False

    # Successor logs

    def successor(self):
        """Origin, key and seed of the next log."""
        number = len(self.ended) + 2
        origin = f"{self.manifest['log_origin']}/{number}"
        seed = sha256(self.log_seed + bytes([number])).digest()
        return origin, note.Key(origin, note.LOG_KEY, public_key(seed)), seed

    def continuation(self, **change):
        """The continuation of the present log."""
        fields = {"origin": self.origin, "size": len(self.entries) - self.start, "root": root_of(map(leaf, self.entries[self.start:])),
                  "key": self.successor()[1].text(), **change}
        return self.by_authority("Continuation", list(fields.values()))

    def continued(self):
        """The last entry posted was the continuation: what follows is in the next log."""
        *entries, first = self.entries[self.start:]
        following = self.successor()
        self.ended.append((entries, self.origin, self.log_key, self.log_seed))
        self.origin, self.log_key, self.log_seed = following
        self.start = len(self.entries) - 1

    # What each author says

    def by_authority(self, kind, content, **fields):
        """An entry of the authority."""
        return self.entry("authority", None, kind, content, self.authority, **fields)

    def first(self):
        """Entry 0."""
        return self.by_authority("Manifest", list(self.manifest.values()))

    def roll(self, registrar, chunk=0, change=None):
        """A roll chunk; `change` spoils the rows before they are proved."""
        place = range(1000 * chunk, min(len(self.voters), 1000 * (chunk + 1)))
        xs = [self.credentials[r][registrar - 1] for r in place]
        rows = [[*self.voters[r], public(x)] for r, x in zip(place, xs)]
        if change:
            change(rows)
        t = Transcript("credential-possession", self.F).context(registrar=registrar, chunk=chunk, count=len(rows))
        for r, (unit, weight, key) in zip(place, rows):
            t.context(index=r, unit=unit, weight=weight, key=key)
        content = [chunk, -(-len(self.voters) // 1000), rows, prover.possession(t, xs)]
        return self.entry("registrar", registrar, "Roll", content, self.registrars[registrar - 1])

    def replacement(self, registrar, index, number, x, **fields):
        """A replacement of a credential's part by the one of the secret x."""
        t = Transcript("credential-possession", self.F).context(registrar=registrar, round=number, index=index)
        content = [index, number, public(x), prover.possession(t, [x])]
        return self.entry("registrar", registrar, "Replacement", content, self.registrars[registrar - 1], **fields)

    def by_trustee(self, i, kind, content, **fields):
        """An entry of a trustee."""
        return self.entry("trustee", i, kind, content, self.trustees[i - 1][0], **fields)

    def dealing(self, i, bad=()):
        """The contents of all parts that trustee i deals."""
        c, keys = self.fold.ceremony, [public(y) for _, y in self.trustees]
        k, slots = self.manifest["k"], c.slots
        self.polynomials[i] = [[secret() for _ in range(k)] for _ in range(slots)]
        return [prover.dealt(self.F, i, p, self.polynomials[i][p * c.per_part:(p + 1) * c.per_part], keys, bad) for p in range(c.part_count)]

    def commitment(self, i, parts):
        """The hashes of what is going to be dealt."""
        hashes = [tagged_hash("dealing", self.F, i, p, encode([3, content])) for p, content in enumerate(parts)]
        return self.by_trustee(i, "DealingCommitment", [hashes])

    def complaint(self, i, dealer, part, **fields):
        """A complaint about one's own box."""
        c, y = self.fold.ceremony, self.trustees[i - 1][1]
        e = c.parts[dealer, part].boxes[i - 1][0]
        t = Transcript("complaint-equality", self.F).context(
            dealings=c.dealings, complainer=i, dealer=dealer, part=part, E=e, Y=public(y))
        revealed, proof = prover.equality(t, e, [y])
        return self.by_trustee(i, "Complaint", [dealer, part, revealed[0], proof], **fields)

    def confirmation(self, i):
        """Trustee i has checked its boxes."""
        c = self.fold.ceremony
        return self.by_trustee(i, "CeremonyConfirmation", [c.dealings, sorted(c.complaints.get(i, ()))])

    def shares(self, i):
        """The key shares of trustee i for every slot."""
        qualified = self.fold.ceremony.joint.qualified
        return [sum(prover.evaluated(self.polynomials[d][j], i) for d in qualified) % L for j in range(self.fold.ceremony.slots)]

    def rehearsal(self, i, place=None):
        """A rehearsal against the newest entry, or the one in that place."""
        place = len(self.entries) - 1 if place is None else place
        named, J = tagged_hash("entry", self.entries[place]), self.fold.ceremony.J
        t = Transcript("rehearsal", self.F).context(joint_key=J, trustee=i, index=place, entry_hash=named)
        return self.by_trustee(i, "Rehearsal", [J, place, named, prover.rehearsal(t, self.shares(i))])

    def opening(self, **change):
        """The opening."""
        fields = {"J": self.fold.ceremony.J, "roll": self.fold.roll.fingerprint, "active": self.fold.ceremony.remaining, **change}
        return self.by_authority("Opening", list(fields.values()))

    def evidence(self, minutes, entries=None, count=None):
        """Time evidence of witnesses for the entries so far."""
        if not self.witnesses:
            return b""
        times = [60 * minutes] * (len(self.witnesses) // 2 + 1 if count is None else count)
        return self.checkpoint(entries, times)

    def credential(self, r):
        """The secret of a voter's credential."""
        return sum(self.credentials[r]) % L

    def ballot_content(self, r, witnesses, **change):
        """A ballot's content and the r of each contest."""
        x, box = self.credential(r), self.fold.box
        count, latest = box.latest.get(r, (0, bytes(32)))
        context = {"election": self.F, "opening": self.fold.opening, "joint_key": self.fold.ceremony.J, "credential": public(x),
                   "sequence": count + 1, "previous": latest, **change}
        contests, rs = [], []
        for contest, witness in zip(self.fold.manifest.body.units[self.voters[r][0]].contests, witnesses):
            relation = self.fold.manifest.relations[contest]
            keys = self.fold.ceremony.joint.slot_keys[:relation.slots]
            data, exponent = prover.sealed(relation, {**context, "contest": contest}, keys, witness)
            contests.append(data)
            rs.append(exponent)
        return [context["opening"], context["sequence"], context["previous"], contests], rs

    def by_voter(self, r, kind, content, **fields):
        """An entry of a voter."""
        x = fields.pop("x", self.credential(r))
        return self.entry("credential", public(x), kind, content, x, **fields)

    def audit(self, r, witnesses, **change):
        """The content of a published audit."""
        content, rs = self.ballot_content(r, witnesses, **change)
        openings = []
        for contest, witness, exponent in zip(self.fold.manifest.body.units[self.voters[r][0]].contests, witnesses, rs):
            openings.append([self.fold.manifest.relations[contest].values(witness), prover.number(exponent)])
        return [encode([9, content]), openings]

    def closing(self, evidence=None, counted=None):
        """The closing, by whoever may."""
        tally = Tally(self.fold.manifest, self.F, self.fold.opening, self.fold.box.ballots, self.fold.overrides)
        evidence = self.evidence(self.fold.closing_time + self.manifest["grace"]) if evidence is None else evidence
        content = [counted or tally.fingerprint, evidence]
        return self.entry("anyone", None, "Closing", content) if self.witnesses else self.by_authority("Closing", content)

    def partial(self, i, contest, group, wrong=False):
        """A partial decryption."""
        z = bytes(self.fold.tally.groups[contest][group].sums[0])
        t = Transcript("decryption", self.F).context(
            closing=self.fold.closing, joint_key=self.fold.ceremony.J, contest=contest, group=group, trustee=i)
        points, proof = prover.equality(t, z, self.shares(i)[:self.fold.manifest.relations[contest].slots])
        if wrong:
            points[0] = public(secret())
        return self.by_trustee(i, "PartialDecryption", [contest, group, b"".join(points), proof])

    def retirement(self, i, **fields):
        """Trustee i holds nothing secret any more."""
        return self.by_trustee(i, "Retirement", [self.fold.ceremony.J], **fields)

    def totals(self, contest, group):
        """The totals, from the ballots' own plaintext points: a search that tests can afford."""
        found = []
        for t in self.fold.tally.groups[contest][group].decrypted(self.manifest["k"]):
            n, value = 0, IDENTITY
            while not value == t:
                n, value = n + 1, value + G
            found.append(n)
        return found

    def result(self, contest, group, totals=None):
        """A result."""
        return self.entry("anyone", None, "Result", [contest, group, totals or self.totals(contest, group)])
