"""A limit of time for code that others wrote: a policy that never ends is stopped, and the others run on.

The time is the processor's, so that a busy machine changes no verdict; a policy that only waits is stopped after a
multiple of it. The clock ticks in a signal where there is one (only a signal ends a regular expression that backtracks,
or a sleep), else in a thread. A policy is stopped in its own code and not inside of the evaluator, whose memory it
would leave half written; only where it stays overdue it is stopped wherever it is.
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
    """A stretch of foreign code took too long; no `Exception`, so that `except Exception` does not take it."""


class _Clock:
    """Which stretch runs, and since when; the ticks find that out, so that a stretch costs almost nothing."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.stretch = 0
        self.is_running = False
        self._seen = -1
        self._processor = self._wall = 0.0

    def __enter__(self) -> None:
        self.stretch += 1
        self.is_running = True

    def __exit__(self, *_: object) -> None:
        self.is_running = False

    def is_over(self, frame: FrameType | None) -> bool:
        """Whether the running stretch is to be stopped where it is now."""
        if not self.is_running:
            return False
        processor, wall = time.process_time(), time.monotonic()
        if self._seen != self.stretch:
            self._seen, self._processor, self._wall = self.stretch, processor, wall
            return False
        used = max(processor - self._processor, (wall - self._wall) / WAITING)
        return used > self.seconds and (used > 2 * self.seconds or _is_foreign(frame))


_clocks: list[_Clock] = []


@contextmanager
def watched(seconds: float = SECONDS) -> Iterator[None]:
    """Let a clock tick for the stretches within; a clock that ticks already goes on."""
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


def stretch() -> Any:
    """A context in which foreign code runs: one policy over one resource. Without a clock it has no limit.

    Raises:
        OutOfTime: inside of it, once it took too long.
    """
    return _clocks[-1] if _clocks else _UNLIMITED


def allowed() -> float:
    """The seconds that a stretch has, as the clock that ticks now has it."""
    return _clocks[-1].seconds if _clocks else SECONDS


class _Unlimited:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


_UNLIMITED = _Unlimited()


def _has_signal() -> bool:
    """Whether the signal of the timer is there and nobody else's."""
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
    """A thread that looks on; its exception comes with the next bytecode of the thread that it is for."""
    watched_thread = threading.get_ident()
    done = threading.Event()

    def look_on() -> None:
        while not done.wait(TICK):
            if clock.is_over(sys._current_frames().get(watched_thread)):
                _raise_in(watched_thread)

    thread = threading.Thread(target=look_on, name="iacpolicy-time-limit", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _raise_in(thread: int) -> None:
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(OutOfTime))


def _is_foreign(frame: FrameType | None) -> bool:
    """Whether the innermost code of the package or of a policy, of those that run, is a policy's."""
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
