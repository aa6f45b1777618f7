next = Next
finish = Finish
stop = Stop without voting

# Help
help-who = Lost your code, or have a question? Ask the people who sent you the letter with your code. This page cannot see or replace codes.
how = How this works
how-seal = This page reads the whole public record of the election, checks it, and locks your ballot inside your own device. Nobody, not even the server, sees what you chose. Only all ballots together are ever counted.
how-check = You may test that this device locks what you chose: let it open a ballot instead of casting it, and look at it with another device. A device cannot know beforehand which ballot you will test.
how-device = A device with bad software on it can still see what you choose. Vote with a device that you trust. Everything here can also be done with the program itself:

# Start
opening = Opening the election
phase = State
phase-setup = In preparation. Voting has not begun.
phase-voting = Voting is open.
phase-closed = Voting is over.
phase-failed = This election was ended without a result.
opens = Voting begins
closes = Voting ends
before = { $number ->
    [one] Have the letter with your code at hand. Voting takes a few minutes, and nothing counts until you press “Cast my ballot” at the end.
   *[other] Have your { $number } letters with codes at hand. Voting takes a few minutes, and nothing counts until you press “Cast my ballot” at the end.
}
start = Start voting
also = You can also
find = Find my ballot
voted = Did my code vote?
kept-receipt = Check a receipt that I saved
examine = Check a ballot of another device
read-again = Read the record again
fingerprint-why = It must be the same as in your letter. If it is not, do not vote here.
log = Public record
log-read = { $entries ->
    [one] One entry was read and checked by this device.
   *[other] { $entries } entries were read and checked by this device.
}
pages = Which page this election wants
pages-why = The election names its voting page by this number. A false page could show it too, so a look here proves nothing; others can compare what this server gives out with it.
pages-here = Ballots are taken by the server of this page.
pages-boards = Ballots are taken at:
witnessed-not-required = This election asks for no independent witnesses.
witnessed-not-judged = Witnesses were not looked at.
witnessed-awaiting = { $number ->
    [0] No witness has confirmed the newest state yet.
    [one] One witness has confirmed the newest state, which is not yet enough.
   *[other] { $number } witnesses have confirmed the newest state, which is not yet enough.
}
witnessed-quorum = { $number ->
    [one] One independent witness has confirmed this state.
   *[other] { $number } independent witnesses have confirmed this state.
}
held = A ballot of yours was signed on this device, and it is not known whether it arrived. Sending it again is safe: it can be counted only once.

# Codes
your-code = Your code
code = Code
code-of = Code { $number } of
code-where = The code is in your letter. It is used only inside this page and sent to nobody.
code-hint = Capitals and spaces do not matter. You can also paste the whole line from the letter.
scan-letter = Scan the code instead of typing it
scan-letter-why = The letter has a square picture (QR code) next to the code. Pictures stay on this device.
scanned = The letter was read.
camera = Use the camera
camera-off = Stop the camera
camera-picture = Picture of the camera
picture = Or choose a picture
no-camera = The camera cannot be used. Choose a picture instead.
no-qr = No QR code was found in this picture.

# Contests
contest-of = Contest { $number } of { $total }
unit = Your ballot is that of
weight = Your vote counts { $weight } times.
revote = { $number ->
    [one] A ballot was cast with this code before. If you cast another, only the last one counts.
   *[other] { $number } ballots were cast with this code before. If you cast another, only the last one counts.
}
rule-choose-one = Choose one.
rule-choose = { $minimum ->
    [0] Choose up to { $maximum }.
   *[other] Choose at least { $minimum } and at most { $maximum }.
}
rule-choose-exactly = Choose exactly { $maximum }.
rule-score = Give each a score from 0 to { $top }.
rule-cumulative = Share out up to { $points } points, at most { $most } to one.
rule-cumulative-exactly = Share out exactly { $points } points, at most { $most } to one.
rule-budget = Share out up to { $pot } { $currency }, in steps of { $step }.
rule-positional = Put at least { $minimum } and at most { $maximum } in order: 1 is the best place. The places are worth { $points } points.
rule-pairwise = Put as many as you like in order: 1 is the best place. All that you leave out come after them.
rule-pairwise-complete = Put all in order: 1 is the best place.
rule-question = Choose one. For the proposal to pass, it needs at least { $numerator } of { $denominator } parts of the votes.
rule-lists = Choose at least { $minimum } and at most { $maximum } in all.
rule-lists-whole = Choose one whole list, or at least { $minimum } and at most { $maximum } persons.
rule-linked = Answer the questions. Some are asked only after a certain answer.
rule-blank = You may also leave it blank.
leave-blank = Leave this contest blank
chosen = { $chosen } of at most { $maximum } chosen
too-many = { $chosen } chosen, { $over } too many: at most { $maximum }. Take away { $over }.
chosen-in-all = { $chosen } of at most { $maximum } chosen in all
list-limit = At most { $limit } on this list
points-left = { $total } of { $points } points given, { $rest } left
points-over = { $total } points given, { $rest } too many: only { $points } may be given
money-left = { $total } of { $pot } { $currency } given, { $rest } left
money-over = { $total } { $currency } given, { $rest } too many: there are only { $pot }
no-place = No place
move-up = Move { $name } up
move-down = Move { $name } down
place-is = { $name } is now in place { $place }.
place-none = { $name } has no place now.
places-full = All places are taken. Take away one first.
ranked = { $chosen } of { $maximum } places taken
how-to-choose = How do you want to choose?
one-by-one = Persons one by one
whole-list = The whole list:
list-wins = As long as a whole list is chosen, the persons ticked below do not count.
asked-because = Asked because you chose “{ $name }”.
no-answer = No answer
to-review = Back to the overview

# Review
review = Look over your ballot
review-why = Please check each answer. You can change everything.
change = Change
left-blank = Left blank
nothing-chosen = Nothing chosen
points = { $amount ->
    [one] 1 point
   *[other] { $amount } points
}
money = { $amount } { $currency }
warn-blank = You leave this contest blank. That is allowed.
warn-nothing = You chose nothing here. That is allowed.
warn-fewer = You chose { $chosen } of { $maximum } possible. That is allowed.
warn-points = { $rest } points are not given. That is allowed.
warn-money = { $rest } { $currency } are not given. That is allowed.
seal = Seal my ballot
sealing = Sealing …

# Sealed
sealed = Your ballot is sealed
not-cast = Your ballot is NOT cast yet.
tracker = Your tracker
tracker-why = With it you find your ballot in the public record later. It does not show what you chose. Write it down, or copy it.
cast = Cast my ballot
copy-tracker = Copy the tracker
or = Or test this device first
check-this = Check this ballot instead of casting it
check-why = This device shows what is inside the sealed ballot, and another device checks that it is what you chose. The opened ballot is thrown away and never counted; you then seal a new one.
check-how = You need a second device, for example the phone of somebody you trust, and about two minutes. Write down the tracker first.
open-ballot = Open this ballot for a check
change-answers = Change my answers

# Opened
opened = Check this ballot with another device
opened-not-cast = This ballot is opened. It is NOT cast, and it will never count.
opened-secret = Whoever checks it sees what is in it. For a test you may choose anything.
opened-link = On the second device, open this address:
qr-link = QR code of the address
opened-tracker = Type this tracker there:
opened-give = Let it scan this picture, or give it this file:
opened-file-only = Give it this file (this ballot is too large for a QR code):
qr-opening = QR code of the opened ballot
save-opening = Save the opened ballot
opened-compare = Compare what it shows with what you chose.
vote-now = Back to my ballot, to seal it anew

# Casting
sending = Casting your ballot
sending-wait = Your ballot is being sent. Please wait …
unknown = Not known whether your ballot arrived
unknown-state = It is NOT known whether your ballot is recorded.
unknown-kept = Your sealed ballot is kept on this device. Send it again, now or later: come back to this page with the same browser. It can be counted only once.
unknown-not-kept = This browser could not keep your sealed ballot. Leave this page open until it was sent. It can be counted only once.
send-again = Send it again
displaced = Another ballot of yours came first
displaced-state = This ballot is NOT recorded: another ballot with your code was recorded in the meantime.
displaced-why = It is entry { $entry } of the record. If that was not you, tell the people who sent you the letter. If you want this one to count, vote again.
refused = The board does not take this ballot
refused-why = Nothing was recorded. If the reason is wrong, save a picture of this page and show it to the election authority and the observers.
lie = The board broke its promise
lie-state = What the board answered cannot be true. Your ballot may not be recorded.
lie-why = Save its answer: it may prove to everybody that the board is wrong. Give it to the observers or the election authority. Your sealed ballot is still kept on this device.
save-evidence = Save the answer
recorded = Your ballot is cast
recorded-state = Your ballot is CAST and recorded.
recorded-entry = Entry { $entry } of the public record.
receipt-what = The receipt proves that this ballot is in the record. If it were ever missing there, you could show that.
receipt-not = The receipt and the tracker do not show what you chose. This page now forgets your ballot and your code; only what you saved remains.
receipt-awaiting = The witnesses have not confirmed this entry yet. Come back later with “Find my ballot” for the final receipt.
save-receipt = Save the receipt
print = Print
qr-tracker = QR code of the tracker

# Looking up
find-why = Your device reads the whole record and searches it itself. Nobody learns which ballot you look for.
tracker-hint = All of it, or at least its first 8 characters. Capitals and spaces do not matter.
search = Search
find-none = No ballot with this tracker is in the record.
voted-none = No ballot with this code is in the record.
found = { $number ->
    [0] Nothing found
    [one] One ballot found
   *[other] { $number } ballots found
}
fate-counts = This ballot counts.
fate-superseded = This ballot was replaced by a later one, entry { $later }. Only the last one counts.
fate-overridden = This ballot does not count: the registrars cancelled it.
fate-audited = This ballot was opened for a test. It does not count.
reason = Reason:
make-receipt = Make a receipt
kept-why = A receipt is checked on this device, against this election.
receipt-file = File of the receipt
receipt-good = The receipt is good.

# The second device
examine-why = Somebody sealed a ballot on another device and opened it for a test. This device finds out what is really in it.
examine-election = The election
shown-tracker = Tracker that the other device showed
shown-hint = Type it as it was shown BEFORE the ballot was opened. At least 8 characters.
opening-how = The opened ballot
opening-file = Or choose its file
opening-text = Or paste its text
opening-taken = The opened ballot is here.
examine-now = Check it
examined = What the ballot holds
examined-state = The ballot is sealed correctly and has the tracker that was shown.
examined-compare = Compare: is this what was chosen on the other device? If not, that device cheats.
examined-after = This ballot never counts. To vote, seal a new one on the other device.
another = Check another ballot
cheated = The other device did not do what it showed
cheated-do = Do not vote with that device. Keep the file of the opened ballot and tell the election authority and the observers.

# Faults
fault-no-randomness = This device gives no good random numbers, so nothing was sealed. Use another device.
fault-bad-request = The page and its working part do not fit together. Load the page again.
fault-code-missing = Type code { $number }.
fault-code-length = A code has 24 characters; this one has { $found }. Compare it with the letter.
fault-code-character = Character { $position } of the code never occurs in codes. Compare it with the letter.
fault-code-check = The code has a typing error. Compare it with the letter.
fault-code-number = This election needs { $expected } codes; { $found } were given.
fault-code-no-key = With these codes no key can be made. Compare them with the letters.
fault-code-unknown = These codes are not on the roll of this election. Compare them with the letters. If they are right, ask the people who sent you the letters.
fault-code-replaced = This code was replaced by a new one. Use your newest letter.
fault-code-overridden = The vote of this code was cancelled by the registrars (entry { $entry }): { $reason }
fault-letter-form = This is not the line of a letter. Copy all of it.
fault-letter-other-election = This letter is for another election.
fault-letter-order = Letter { $number } is from registrar { $registrar }. Put it in that place.
fault-letter-registrar = Letter { $number } names registrar { $registrar }, which this election does not have.
fault-other-election = The board shows another election than the link names. Do not vote here.
fault-not-yet-open = Voting has not begun.
fault-voting-over = Voting is over.
fault-election-failed = This election was ended without a result.
fault-not-decryptable = The people who count are not ready, so no ballot can be sealed now.
fault-has-voted = A ballot was cast with this code already. In this election the first one counts.
fault-no-more-ballots = No more ballots can be cast with this code.
fault-selection-contest = This contest is not on your ballot.
fault-selection-number = { $minimum ->
    [0] At most { $maximum } may be chosen.
   *[other] { $maximum ->
        [1] Choose one.
       *[other] Choose at least { $minimum } and at most { $maximum }.
    }
}
fault-selection-places = Put at least { $minimum } and at most { $maximum } in order.
fault-selection-most = At most { $most } may be given to one.
fault-selection-step = Amounts go in steps of { $step }.
fault-selection-total = At most { $total } may be given in all.
fault-selection-exactly = Exactly { $total } must be given in all.
fault-selection-list = At most { $limit } may be chosen on the list { $list }.
fault-selection-question = { $minimum ->
    [0] “{ $question }”: at most { $maximum } may be chosen.
   *[other] { $maximum ->
        [1] “{ $question }”: choose one.
       *[other] “{ $question }”: choose at least { $minimum } and at most { $maximum }.
    }
}
fault-selection-not-asked = “{ $question }” is only asked after the answer “{ $condition }”.
fault-selection-form = This choice is not possible here.
fault-selection-missing = A contest is not filled in yet.
fault-not-a-number = Write a whole number for { $name }.
fault-places-broken = Each place may be given only once, and no place may be left out.
fault-not-sealed = The ballot could not be sealed. Try again.
fault-nothing-sealed = No ballot is sealed. Seal it again.
fault-not-begun = Type your codes first.
fault-not-read = The record was not read yet.
fault-tracker-character = Character { $position } never occurs in trackers.
fault-tracker-length = This is not the length of a tracker. Type all of it, or at least its first 8 characters.
fault-tracker-too-short = Type more of the tracker.
fault-opening-missing = Scan, choose or paste the opened ballot first.
fault-opening-form = This is not an opened ballot.
fault-opening-other-election = This opened ballot is of another election.
fault-opening-unknown = This opened ballot is of nobody on the roll.
fault-device-tracker = The opened ballot has another tracker ({ $tracker }) than the other device showed.
fault-device-ballot = The opened ballot is not a ballot of this voter.
fault-device-opening = What was opened is not what was sealed (contest { $contest }).
fault-device-proof = The sealed ballot is not valid (contest { $contest }).
fault-device-selection = The sealed ballot holds something that cannot be chosen (contest { $contest }).
fault-receipt-bad = This receipt is not good for this election.
fault-receipt-none = The record shows no such ballot yet. Try again in a minute.
fault-record-invalid = The record that the board gave breaks the rules of the election. Do not vote here; tell the observers.
fault-record-missing = The board does not give all of its record.
fault-record-too-large = The record is too large for a browser. Use the program.
fault-other-history = The board shows another past than before. Do not vote here; tell the observers and keep this page open.
fault-checkpoint-bad = The board's signature on its record is wrong. Do not vote here; tell the observers.
fault-unwitnessed = Too few witnesses have confirmed the board's record.
fault-board-refuses = The board does not take it.
fault-board-silent = The board cannot be reached. Check your connection and try again.
fault-board-status = The server gives no proper answer ({ $status }). Try again later.
fault-board-answer = The server gives no proper answer. Try again later.
fault-board-slow = The board is too slow. Try again later.
fault-board-address = This page does not know where the board is. Use the link in your letter.
fault-promise-broken = The board did not promise what it must.
