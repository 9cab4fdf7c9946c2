"""`python -S -E launch.py [--together] COMMAND…` runs a command and prints what it took.

Seconds, bytes at the peak of the largest process, bytes at the peak of all processes together (0 without --together),
exit code. A process of its own because a child's peak counts from its parent's memory on, until it has started its
program (Linux keeps the larger of the two): so that parent has to be small. This one imports nothing that Python has
not loaded.
"""

import os
import sys
import time

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB on Linux
_PERIOD = 0.02
_RESTS = 50  # times as long as a look takes: it holds up what it looks at
_STREAMS = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_DUP2, 2, 1),  # what it says goes where problems go: some programs name theirs on stdout
]


def _proportional(process: str) -> int:
    """Return the bytes of a process and its descendants, pages that several share counted once (Linux)."""
    taken = 0
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
            taken = sum(int(line.split()[1]) for line in file if line.startswith("Pss:")) * 1024
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/children", encoding="ascii") as file:
                taken += sum(_proportional(child) for child in file.read().split())
    except OSError:  # it has ended, or this is no Linux
        pass
    return taken


arguments = sys.argv[1:]
sampled = arguments[0] == "--together"
if sampled:
    arguments = arguments[1:]
together = 0
started = time.perf_counter()
child = os.posix_spawn(arguments[0], arguments, os.environ, file_actions=_STREAMS)
ended, status, usage = os.wait4(child, os.WNOHANG if sampled else 0)
while not ended:
    looked = time.perf_counter()
    together = max(together, _proportional(str(child)))
    time.sleep(max(_PERIOD, (time.perf_counter() - looked) * _RESTS))
    ended, status, usage = os.wait4(child, os.WNOHANG)
seconds = time.perf_counter() - started
print(seconds, usage.ru_maxrss * _MAXRSS_UNIT, together, os.waitstatus_to_exitcode(status))
