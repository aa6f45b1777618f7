"""All checks of the second verifier."""
import sys, time
import vectors_cryptography, vectors_log
from outcome import Outcome

test = Outcome()
for suite in vectors_cryptography.SUITES + vectors_log.SUITES:
    t = time.time()
    test.suite = suite.__name__
    suite(test)
    print(suite.__name__, round(time.time() - t, 2))
print(f"{test.passed} passed, {test.failed} failed")
