"""A time limit for policies: a policy that runs too long is stopped, and the others continue.

The limit is CPU time, so a busy machine changes no result. A policy that only waits is stopped after a multiple of the
limit in wall time. A signal checks the time where possible, because only a signal interrupts a regular expression or a
sleep; otherwise a thread does. A policy is stopped in its own code and not inside the evaluator, whose caches could
become inconsistent. At twice the limit it is stopped in any code.
"""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SECONDS = 5.0
WAITING = 6  # times the limit that a policy may wait without computing
TICK = 0.02
OWN = "iacpolicy."
POLICIES = "iacpolicy_policies."
MAX_FRAMES = 1_000


class OutOfTime(BaseException):
    """A policy took too long; not an `Exception`, so that `except Exception` does not catch it."""


class _Clock:
    """The current run of a policy and its start, which the ticks measure, so that a run has almost no overhead."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.run_number = 0
        self.is_running = False
        self._seen = -1
        self._processor = self._wall = 0.0

    def __enter__(self) -> None:
        self.run_number += 1
        self.is_running = True

    def __exit__(self, *_: object) -> None:
        self.is_running = False

    def is_over(self, frame: FrameType | None) -> bool:
        """Report that the current run has exceeded the limit and can be stopped in this frame."""
        if not self.is_running:
            return False
        processor, wall = time.process_time(), time.monotonic()
        if self._seen != self.run_number:
            self._seen, self._processor, self._wall = self.run_number, processor, wall
            return False
        used = max(processor - self._processor, (wall - self._wall) / WAITING)
        return used > self.seconds and (used > 2 * self.seconds or _is_in_policy(frame))


_clocks: list[_Clock] = []


@contextmanager
def watched(seconds: float = SECONDS) -> Iterator[None]:
    """Measure the runs inside of the context; inside of another such context, keep its clock."""
    if _clocks:
        yield
        return
    clock = _Clock(seconds)
    _clocks.append(clock)
    try:
        with _by_signal(clock) if _has_signal() else _by_thread(clock):
            yield
    finally:
        _clocks.remove(clock)


def limited_run() -> Any:
    """Return a context for the run of one policy over one resource; without a clock it has no limit.

    Raises:
        OutOfTime: inside of the context, when the run exceeds the limit.
    """
    return _clocks[-1] if _clocks else _UNLIMITED


def allowed() -> float:
    """Return the limit of the current clock in seconds."""
    return _clocks[-1].seconds if _clocks else SECONDS


class _Unlimited:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


_UNLIMITED = _Unlimited()


def _has_signal() -> bool:
    """Report that the timer signal exists and is not in use."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        return False
    return signal.getsignal(signal.SIGALRM) is signal.SIG_DFL and signal.getitimer(signal.ITIMER_REAL)[0] == 0


@contextmanager
def _by_signal(clock: _Clock) -> Iterator[None]:
    def tick(_number: int, frame: FrameType | None) -> None:
        if clock.is_over(frame):
            raise OutOfTime

    signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


@contextmanager
def _by_thread(clock: _Clock) -> Iterator[None]:
    """Check the time in a thread, which raises the exception at the next bytecode of the watched thread."""
    watched_thread = threading.get_ident()
    done = threading.Event()

    def check_time() -> None:
        while not done.wait(TICK):
            if clock.is_over(sys._current_frames().get(watched_thread)):
                _raise_in(watched_thread)

    thread = threading.Thread(target=check_time, name="iacpolicy-time-limit", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _raise_in(thread: int) -> None:
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(OutOfTime))


def _is_in_policy(frame: FrameType | None) -> bool:
    """Report that the innermost frame of a policy or of the package belongs to a policy."""
    for _ in range(MAX_FRAMES):
        if frame is None:
            return False
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith(POLICIES):
            return True
        if name.startswith(OWN):
            return False
        frame = frame.f_back
    return False
