# Every page that the server writes
skip = Skip to the content
languages = Language
whole-name = Show the whole text
not-believed = This page says what this server says. Nobody has to believe it: the record behind it can be checked by anyone.

# The list
elections = Elections
election = Election
state = State
no-elections = There is no election here yet.
mirror = This server is a mirror: it keeps a checked copy of the public record. It takes no ballots.

# Phases
phase-setup = Preparing
phase-voting = Voting
phase-closed = Counting
phase-tallied = Result
phase-failed = This election was ended without a result.

# Links
fingerprint = Fingerprint of this election. Compare it with your letter, digit by digit:
link-vote = Vote
link-check = Check a ballot with a second device
link-observe = Check this election in your browser
link-officials = For officials: what to do now
link-offline = Save the checker that needs no network
link-entries = Read all entries of the public record

# Times
times = When
opening = Voting is planned to open
closing = Voting closes
deadline = Deadline:
last-entry = Last entry in the record

# What is voted on, and results
contests = What is being decided
results = Results
option = Option
list = List
lists = Votes of each list
seats = Seats
total = Total
share = Share
mean = Average for each ballot
outcome = Outcome
elected = Elected
blank = Blank
sum = Sum of these rows
ballots-counted = Ballots counted
weight-counted = Votes they stand for
figures-votes = Votes
figures-points = Points
figures-pairs = Comparisons with another option won
figures-budget = Amounts, in { $currency }
by-unit = Results of each part
counting = Being counted: { $done-shown } of { $all-shown } parts are done.
withheld = { $number ->
    [one] { $number-shown } ballot is in a part too small to publish, so that nobody can see how one person voted.
   *[other] { $number-shown } ballots are in a part too small to publish, so that nobody can see how one person voted.
}
and = { " · " }
elected-names = { $number ->
    [one] Elected: { $names }
   *[other] Elected ({ $number-shown }): { $names }
}
passed = Passed: { $yes-shown } said yes, { $needed-shown } were needed.
not-passed = Not passed: { $yes-shown } said yes, { $needed-shown } were needed.
tie-open = A tie that the rules leave open, for { $seats-shown } { $seats ->
    [one] seat
   *[other] seats
}: { $names }
tie-listed = A tie, decided by the order on the ballot: { $names }
tie-lot = A tie, decided by a lot that anyone can repeat: { $names }
vacant = { $seats ->
    [one] { $seats-shown } seat stays empty: nobody had enough votes for it.
   *[other] { $seats-shown } seats stay empty: nobody had enough votes for them.
}

# Turnout
turnout = Voters and ballots
roll = People who may vote
units = Parts of the election
ballots = Ballots received
audits = Ballots opened to check a device (never counted)
ballots-why = A voter may send a ballot again where the rules allow it; only one counts. So there can be more ballots than voters.

# What is awaited
awaited = What happens next
awaits-nothing = Nothing is awaited. The election is over.
awaits-roll = { $name } publishes the list of voters: { $received-shown } of { $chunks-shown } pieces are there.
awaits-ceremony = { $name } takes step { $stage-shown } of 4 in making the key.
awaits-opening = The authority opens the voting, as planned on { $time }.
awaits-closing = Voters vote. After { $time } the authority closes the voting.
awaits-decryption = { $number-shown } of { $all-shown } key holders open the totals together. Not yet done:
awaits-trustee = { $name } opens a share of the totals.
awaits-result = Anyone may now publish the result that follows from the record.
awaits-witnesses = { $number ->
    [one] { $number-shown } entry waits for the witnesses.
   *[other] { $number-shown } entries wait for the witnesses.
}

# Witnesses
witnesses = Witnesses
witness = Witness
checkpoint = The record has { $size-shown } entries. { $cosigned-shown } of them are fixed: what is there can no longer be changed without being seen.
unwitnessed = This election has no witnesses. Nobody but this server confirms that all see the same record.
cosigned-at = Last confirmed
never = not yet

# The key
ceremony = The key and the officials
ceremony-plan = The ballots are locked with a key that nobody holds alone. Of { $all-shown } key holders, { $number-shown } together can open the totals, and never a single ballot.
ceremony-stage = The key is being made: step { $stage-shown } of 4, { $what }.
ceremony-done = The key is made.
ceremony-failed = The key was not made.
ceremony-left = { $name } is no longer one of the key holders.
waiver-threshold = Note: by the rules of this election, the loss of one share can stop the count, or one holder alone could open it.
stage-1 = step 1, promises
stage-2 = step 2, shares
stage-3 = step 3, checks
stage-4 = step 4, rehearsal
authority = Authority
registrars = Keepers of the list of voters
trustees = Key holders

# Entries
entries = Entries
latest = Latest entries
number = Number
time = Time
what = What it says
pending = Waiting for the witnesses
span = Entries { $from-shown } to { $to-shown } of { $all-shown }, counted from 0
earlier = Earlier entries
later = Later entries
voter = A voter
anyone = Somebody
entry-unreadable = This entry cannot be read here.
entry-manifest = { $name } began the election and fixed its rules.
entry-roll = { $name } published piece { $chunk-shown } of { $chunks-shown } of the list of voters.
entry-dealing-commitment = { $name } promised a share of the key.
entry-dealing = { $name } dealt shares of the key.
entry-complaint = { $name } proved that a share was wrong.
entry-ceremony-confirmation = { $name } confirmed the shares.
entry-stage-end = { $name } ended an overdue step of making the key.
entry-rehearsal = { $name } showed that a share works.
entry-opening = { $name } opened the voting.
entry-ballot = A voter sent a ballot.
entry-ballot-again = A voter sent a ballot again, in place of an earlier one.
entry-audited-ballot = A voter opened a ballot to check a device. It does not count.
entry-replacement = { $name } replaced a lost voting code.
entry-extension = { $name } moved the end of voting to { $time }.
entry-closing = { $name } closed the voting.
entry-partial-decryption = { $name } opened a share of the totals of { $contest }.
entry-result = { $name } published the result of { $contest }.
entry-continuation = { $name } continued the record on another server.
entry-notice = { $name } wrote a notice:
entry-retirement = { $name } destroyed a share of the key.
entry-override = { $name } recorded that a voter votes in person:

# Verifying
pages = The pages for browsers
pages-why = The rules of this election name the pages for voting and checking by this number. The program compares it with what a server gives:
verify = Check it yourself
verify-how = With the program, on a computer that you trust. In place of ADDRESS write this page's address up to the first single slash; take the fingerprint from your letter, not from here. The second line checks that this server gives out the right pages:
