"""Runs a command in a pseudo-terminal, passes on what it says there, and ends as it has ended.

SIGINT to this process is Ctrl-C typed into the terminal; SIGTERM is passed on. What comes on standard input is typed too.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios

child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])

signal.signal(signal.SIGINT, lambda *_: os.write(terminal, b"\x03"))
signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
listening = [terminal, 0]
while True:
    ready, _, _ = select.select(listening, [], [])
    if 0 in ready:
        typed = os.read(0, 65536)
        if typed:
            os.write(terminal, typed)
        else:
            listening.remove(0)
    if terminal not in ready:
        continue
    try:
        said = os.read(terminal, 65536)
    except OSError:  # nobody is left in the terminal
        break
    if not said:
        break
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
