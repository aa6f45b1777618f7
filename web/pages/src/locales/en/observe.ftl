# The page for observers and officials
views = Parts of this page
view-board = Now
view-entries = Entries
view-verify = Verify everything
view-officials = For officials
live = Keep reading
read-to = { $size } entries read
read-failed = The last reading failed; what is shown is older.
opening-board = Opening the record
help-observe = This page reads the public record of the election and works it out inside your own browser. It knows no secret and keeps nothing. What it shows under “Verify everything” is checked from beginning to end; the rest shows what the record says. The same check can be made with the program itself:

# Now
look-fault = The record breaks a rule
look-fault-why = Entry { $entry } cannot stand where it stands. Verify everything, keep the record, and tell the other observers.
look-not-verified = This shows what the record says. It is not a verification: for that, choose “Verify everything”.
fingerprint-compare = It must be the same as what the authority announced, and as in the letters.
size-of-record = Entries in the record
have-voted = Codes that have voted
turnout-table = Ballots over time, as a table
turnout-over-time = Ballots recorded over time
witnessed-none = This election asks for no witnesses. Nobody but the board says that all see the same record.
witnessed-too-few = Fewer witnesses than the rules demand have confirmed the newest state yet.
witnessed-quorum = Enough independent witnesses have confirmed the newest state.
witnessed-unknown = Witnesses of a record that continues on another server are checked by “Verify everything”.
mirrors = Other copies
mirrors-why = A copy on somebody else's server must be the same record, or a beginning of it. If two differ, someone lies, and both signed pages together prove it.
mirror-address = Address of a mirror, or of another board
compare = Compare
address = Address
what-it-says = What it says
copy-same = The same { $size } entries
copy-behind = The same record up to entry { $size }
copy-ahead = { $size } entries, more than are read here: read again, then compare
copy-differs = ANOTHER RECORD with { $size } entries. Keep both checkpoints and tell the other observers.
copy-other = The log of another election
ceremony-now = The key is being made: step { $stage } of 4.
story = The story of key and count, step by step
entry-number = entry { $index }

# Entries
search-tracker = Find a ballot by its tracker
search-hint = Your browser searches what it has read. Nobody learns what for. At least 8 characters.
search = Search
search-found = { $number ->
    [0] No ballot with this tracker is in the record that was read.
    [one] One ballot has this tracker.
   *[other] { $number } ballots have this tracker.
}
search-results = Ballots found
hash = Hash of the entry
bytes = Its { $number } bytes

# Verify
verify-all = Verify everything
verify-why = Your browser fetches the whole record and checks all of it: every signature, every ballot, every step of the count. It is the same check as that of the program, with the same result.
verify-from = Fetch the record from
verify-from-hint = The board, or any mirror: an address with https, or of this very machine.
verify-now = Verify everything
expected-hint = From your letter or from the authority. Without it, the check says only that the record agrees with itself.
folder = Or take a folder of a record that you saved
folder-hint = Nothing is sent anywhere.
cancel = Stop
stage-download = Fetching the record …
stage-entries = Checking the entries …
stage-sums = Adding up the ballots …
stage-proofs = Waiting for the proofs of ballots …
verdict = Verdict
verdict-valid = VALID: every check passed.
verdict-not-compared = CONSISTENT: every check passed, but the fingerprint was not compared with one that you trust.
verdict-invalid = INVALID: the record is wrong.
verdict-incomplete = INCOMPLETE: all that is there is right, but something is missing.
verdict-unreadable = UNREADABLE: the record could not be read.
verified-at = Verified by this browser on { $time }, in { $seconds } seconds. The program would end with { $exit }.
its-fingerprint = Fingerprint of this record
why-rule = Rule
why-text = What is wrong
why-entry = Entry
why-expected = Expected
why-found = Found
why-missing = Missing
checks = Checks
check = Check
status = Result
done = Done
of = { $done } of { $total }
status-passed = passed
status-failed = FAILED
status-not-reached = not reached
status-not-applicable = does not apply
check-log = Log, tiles and files
check-checkpoint = Checkpoint and witnesses
check-chain = Chain of entries
check-manifest = Rules of the election
check-roll = List of voters
check-ceremony = Making of the key
check-opening = Opening
check-ballots = Ballots
check-audits = Ballots opened for a check
check-closing = Ballots that count
check-aggregate = Sums of the ballots
check-decryptions = Shares of the totals
check-results = Results
save-report = Save the report (JSON)
save-text = Save the report (text)
save-record = Save the record that was checked
totals-of = Totals of { $title }
counted-all = { $number ->
    [one] One ballot counted
   *[other] { $number } ballots counted
}, for { $weight ->
    [one] one vote
   *[other] { $weight } votes
}.
nobody-elected = Nobody is elected by these totals.
figures-decide = No seats are given here: the figures are the result.
disclosed-only = What is in a part too small to publish is not in these figures.
pairwise-winner = { $name } wins every comparison with another option.
no-pairwise-winner = No option wins every comparison with another, so the rule of this contest decides.
by-part = Totals of each part
part-not-told = { $number } ballots, not told apart
bars = Bars of { $title }: the figures of the table above
cannot-tell = What this page cannot tell
cannot-tell-why = It cannot tell whether the fingerprint in its address is that of your election: compare it with your letter. It cannot tell whether people were kept from voting, whether somebody voted with another's code, or whether a voter's device showed what it sealed. And a page that a server gives can be changed by that server: whoever wants to be sure uses the program, or a copy of this page whose hash they checked.

# Officials
officials = What is awaited now
officials-why = This page only shows. Every step is made with the program, on the machine that has the key file; add --keystore with your file.
awaits-voters = Voting is open. Nothing is awaited from officials now.
step-roll = Send the list of voters.
step-commit = Promise a share of the key (step 1 of 4).
step-deal = Deal the shares (step 2 of 4).
step-check = Check the shares received (step 3 of 4).
step-rehearse = Show that your share works (step 4 of 4).
step-end-stage = End the overdue step without those who are missing.
step-open = Open the voting.
step-close = Close the voting.
step-decrypt = Open your share of the totals.
step-result = Publish the result that follows from the shares.
step-retire = Destroy your share of the key, and say so in the record.
step-again = The key was not made. Begin again with a new election.
due-now = Due since
due-at = Due
copy-command = Copy the command
who-is-who = Who is who
name = Name
role = Role
role-authority = Authority
role-registrar = Keeper of the list of voters { $number }
role-trustee = Key holder { $number }
state-left = no longer part of it
state-awaited = awaited
state-fine = nothing to do

# The file that needs no network
offline = Verify a record without a network
offline-why = This page is one file and works without any network. Choose the folder of a record that you saved; nothing leaves your machine.

# Faults
fault-download = The record could not be fetched. Check the address and try again.
fault-too-large = This record is too large for a browser. Verify it with the program.
fault-not-readable = What was read is not a record.
fault-no-record = No record was read yet.
fault-bad-fingerprint = A fingerprint has 64 letters and digits.
