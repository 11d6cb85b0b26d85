"""When a message is tried again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers_alerts import NOON
from tocsin.alerting import RetryReason, backoff, retry, running_window
from tocsin.model import Attempt, AttemptOutcome, DeliveryState
from tocsin.ports import SendResult
from tocsin.settings import AlertingSettings
from tocsin.testing import numbered_id

SETTINGS = AlertingSettings(retry_base=10, retry_cap=1000, retry_for=3600)
TRANSIENT = SendResult(AttemptOutcome.TRANSIENT, "HTTP 500")
PERMANENT = SendResult(AttemptOutcome.PERMANENT, "HTTP 410")
ACCEPTED = SendResult(AttemptOutcome.ACCEPTED, "HTTP 200")

settings = st.builds(
    AlertingSettings,
    retry_base=st.floats(0.1, 100),
    retry_cap=st.floats(0.1, 10_000),
    retry_for=st.floats(1, 1_000_000),
)


def asked(seconds):
    """A failure with Retry-After."""
    return SendResult(AttemptOutcome.TRANSIENT, "HTTP 429", 429, timedelta(seconds=seconds))


def test_an_accepted_message_is_done():
    """No further attempt."""
    decision = retry(ACCEPTED, 3, NOON, NOON, SETTINGS)
    assert (decision.state, decision.next_attempt_at, decision.reason) == (
        DeliveryState.DELIVERED,
        None,
        RetryReason.DELIVERED,
    )


def test_a_refusal_for_good_ends_the_message_at_once():
    """Even at the first attempt."""
    decision = retry(PERMANENT, 1, NOON, NOON, SETTINGS)
    assert (decision.state, decision.next_attempt_at) == (DeliveryState.FAILED, None)
    assert decision.reason is RetryReason.REFUSED


def test_a_failure_that_may_pass_waits_and_doubles():
    """Each wait is twice the one before until the cap."""
    waits = [backoff(n, SETTINGS, "k").total_seconds() for n in range(1, 10)]
    assert 8 <= waits[0] <= 10
    assert waits[1] == pytest.approx(2 * waits[0])
    assert waits[-1] == waits[-2] <= 1000
    decision = retry(TRANSIENT, 1, NOON, NOON, SETTINGS, key="k")
    assert decision.next_attempt_at == NOON + timedelta(seconds=waits[0])
    assert decision.reason is RetryReason.BACKOFF


def test_messages_that_failed_together_come_back_apart():
    """The jitter differs by message and is the same each time for one message."""
    waits = {backoff(1, SETTINGS, str(n)) for n in range(50)}
    assert len(waits) == 50
    assert backoff(1, SETTINGS, "7") == backoff(1, SETTINGS, "7")


def test_a_longer_retry_after_is_honoured():
    """The other side knows best when it is ready."""
    decision = retry(asked(500), 1, NOON, NOON, SETTINGS)
    assert decision.next_attempt_at == NOON + timedelta(seconds=500)
    assert decision.reason is RetryReason.RETRY_AFTER


def test_a_shorter_retry_after_does_not_shorten_the_wait():
    """Retry-After says not before, not at."""
    decision = retry(asked(0), 5, NOON, NOON, SETTINGS, key="k")
    assert decision.next_attempt_at == NOON + backoff(5, SETTINGS, "k")


def test_a_retry_after_past_the_end_leaves_one_last_try():
    """A server cannot park a message for ever, nor lose it."""
    decision = retry(asked(10**9), 1, NOON, NOON, SETTINGS)
    assert decision.next_attempt_at == NOON + timedelta(hours=1)
    assert decision.reason is RetryReason.LAST_TRY


def test_after_retry_for_the_message_is_given_up():
    """It can still be redelivered by hand."""
    decision = retry(TRANSIENT, 9, NOON, NOON + timedelta(hours=1), SETTINGS)
    assert (decision.state, decision.reason) == (DeliveryState.FAILED, RetryReason.GAVE_UP)


@given(settings, st.integers(1, 100_000), st.text(max_size=5))
def test_waits_never_shrink_and_never_pass_the_cap(some, number, key):
    """Monotone and bounded for every setting."""
    wait, after = backoff(number, some, key), backoff(number + 1, some, key)
    assert timedelta(0) < wait <= after <= timedelta(seconds=some.retry_cap + 1e-6)


@given(settings, st.integers(1, 60), st.floats(0, 2_000_000), st.none() | st.floats(0, 1e9))
def test_the_next_attempt_is_later_than_now_and_not_after_the_end(some, number, passed, told):
    """Whatever the other side says."""
    now = NOON + timedelta(seconds=passed)
    result = TRANSIENT if told is None else asked(told)
    decision = retry(result, number, NOON, now, some)
    end = NOON + timedelta(seconds=some.retry_for)
    if now >= end:
        assert decision.state is DeliveryState.FAILED
    else:
        assert decision.state is DeliveryState.PENDING
        assert now < decision.next_attempt_at <= end


@given(st.floats(1, 100), st.floats(1, 1000), st.floats(1, 1000), st.floats(0, 1e6))
def test_every_message_ends_after_a_bounded_number_of_attempts(base, cap, lasts, told):
    """No wait is shorter than four fifths of the first one."""
    some = AlertingSettings(retry_base=base, retry_cap=cap, retry_for=lasts)
    now, number, decision = NOON, 0, None
    while decision is None or decision.state is DeliveryState.PENDING:
        number += 1
        decision = retry(asked(told), number, NOON, now, some)
        now = decision.next_attempt_at or now
        assert number <= lasts / (0.8 * min(base, cap)) + 2
    assert decision.reason is RetryReason.GAVE_UP


def attempt(number, at, outcome=AttemptOutcome.TRANSIENT):
    """One line of the log."""
    return Attempt(numbered_id(1), number, at, outcome, "")


def test_a_new_message_has_no_window():
    """Its first attempt opens one."""
    assert running_window((), SETTINGS) == (0, None)


def test_failures_in_a_row_are_one_window():
    """It began with the first of them."""
    log = [attempt(1, NOON), attempt(2, NOON + timedelta(minutes=1))]
    assert running_window(log, SETTINGS) == (2, NOON)


@pytest.mark.parametrize("outcome", [AttemptOutcome.PERMANENT, AttemptOutcome.ACCEPTED])
def test_redelivery_after_an_end_begins_anew(outcome):
    """A message sent again by hand gets its whole time again."""
    later = NOON + timedelta(days=9)
    assert running_window([attempt(1, NOON, outcome)], SETTINGS) == (0, None)
    assert running_window([attempt(1, NOON, outcome), attempt(2, later)], SETTINGS) == (1, later)


def test_redelivery_after_giving_up_begins_anew():
    """The attempts up to the end of `retry_for` are history."""
    log = [attempt(1, NOON), attempt(2, NOON + timedelta(hours=1))]
    assert running_window(log, SETTINGS) == (0, None)
