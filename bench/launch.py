"""`python -S -E launch.py COMMAND…` runs a command and prints what it took: seconds, bytes at the peak, exit code.

A process of its own because a child's peak counts from its parent's memory on, until it has started its program (Linux
keeps the larger of the two): so that parent has to be small. This one imports nothing that Python has not loaded.
"""

import os
import sys
import time

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB on Linux
_QUIET = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
]

started = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=_QUIET)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - started
print(seconds, usage.ru_maxrss * _MAXRSS_UNIT, os.waitstatus_to_exitcode(status))
