"""Run a program and print its wall time and CPU: timed.py NAME PROGRAM ARGUMENT…"""
import os
import subprocess
import sys
import time

start = time.monotonic()
done = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.monotonic() - start
used = os.times()
print(f"{sys.argv[1]} wall {wall * 1000:.0f} ms")
print(f"{sys.argv[1]} cpu {(used.children_user + used.children_system) * 1000:.0f} ms")
sys.exit(done.returncode)
