#!/usr/bin/env python3
"""A Spoolite worker in Python: the standard library and the HTTP API are all it takes.

    python3 worker.py --url http://127.0.0.1:8000 --concurrency 4

runs the handlers at the end; to run your own, import this and call main() with them. A handler is a function of (task,
context): what it returns is the result, an exception fails the attempt. SIGINT or SIGTERM lets running tasks finish, a
second one gives them back. Nothing is lost when the server is away for a while.
"""

import argparse
import http.client
import json
import logging
import os
import random
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime

LEASE_SECONDS = 30  # How long a task stays ours without a heartbeat.
HEARTBEAT_SECONDS = 5
WAIT_SECONDS = 5  # How long the server may hold back the answer to a claim until there is work.


class LeaseLost(Exception):
    """The task is no longer ours: it was cancelled, or its lease ran out and another worker may have it."""


class Refused(Exception):
    """The server will not do what was asked; asking again is no use."""


class Unanswered(Exception):
    """There was no answer yet; `pause` is how many seconds to wait before asking again, where that was said."""

    def __init__(self, trouble, pause=None):
        super().__init__(str(trouble))
        self.pause = pause


class Rejected(Exception):
    """For handlers to raise: the task can never succeed, so it is not tried again."""


NOT_JSON = (json.JSONDecodeError, UnicodeDecodeError)


def problem_of(reply):
    """The problem+json body of an error: `error_code` is for programs, `detail` for people. None for another answer."""
    try:
        problem = json.loads(reply.read())
        return problem if isinstance(problem, dict) and {"error_code", "detail"} <= problem.keys() else None
    except (OSError, http.client.HTTPException, *NOT_JSON):
        return None


def retry_after(headers):
    """Seconds until a request is worth sending again; the header may be a number, a date, or nonsense."""
    text = headers.get("Retry-After", "1")
    try:
        seconds = float(text) if text.strip().isdigit() else parsedate_to_datetime(text).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        seconds = 1
    return min(max(seconds, 0.05), 60)


class Api:
    def __init__(self, url):
        self.url = url.rstrip("/") + "/api/queue"

    def send(self, path, body):
        """Posts JSON once; returns the JSON of the reply. Raises Unanswered where trying again may help."""
        content = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, content, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=WAIT_SECONDS + 10) as reply:
                return json.loads(reply.read() or "null")
        except urllib.error.HTTPError as reply:
            problem = problem_of(reply)
            if problem and reply.code < 500 and reply.code != 429:
                is_lost = problem["error_code"] in ("LEASE_LOST", "TASK_NOT_FOUND")
                raise (LeaseLost if is_lost else Refused)(problem["detail"]) from None
            # Busy, full or stopping: it was not stored. Or not the server's answer, but that of something on the way.
            raise Unanswered(reply, retry_after(reply.headers)) from None
        except (OSError, http.client.HTTPException, *NOT_JSON) as error:
            raise Unanswered(error) from None

    def post(self, path, body, given_up):
        """Posts JSON until there is an answer, or the event `given_up` is set; returns the JSON of the reply."""
        pause = 0.05
        while True:
            try:
                return self.send(path, body)
            except Unanswered as trouble:
                pause = min(pause * 2, 5) if trouble.pause is None else trouble.pause
                if given_up.wait(pause * random.uniform(0.8, 1.2)):
                    raise
                logging.warning("%s: %s; trying again", path, trouble)


class Context:
    """What a handler has besides its task. `cancelled` is set when the task is no longer ours: stop then."""

    def __init__(self, api, task):
        self.api, self.id, self.token = api, task["task_id"], task["lease_token"]
        self.cancelled, self.ended = threading.Event(), threading.Event()

    def progress(self, percent, message=None):
        """Reports progress, 0 to 100, which pollers see."""
        self.report("heartbeat", progress=percent, **({"progress_message": message} if message else {}))

    def log(self, level, message, details=None):
        """Writes to the task's log; level is debug, info, warning or error."""
        self.report("logs", entries=[{"level": level, "message": message, "details": details}])

    def report(self, action, **fields):
        """Says something about the task until it is heard. The same settle heard twice counts once."""
        self.say(lambda path, body: self.api.post(path, body, self.cancelled), action, fields)

    def beat(self):
        """Renews the lease, with one try: the next one is soon."""
        self.say(self.api.send, "heartbeat", {})

    def say(self, send, action, fields):
        try:
            send(f"/tasks/{self.id}/{action}", {"lease_token": self.token, **fields})
        except LeaseLost:
            self.cancelled.set()
            raise


class Worker:
    def __init__(self, url, handlers, worker_id, concurrency):
        self.api, self.handlers, self.id, self.concurrency = Api(url), handlers, worker_id, concurrency
        self.held = {}  # Lease token -> Context.
        self.changed, self.stopping = threading.Condition(), threading.Event()
        self.stops = []  # One entry per call of stop().

    def run(self):
        """Works until stop() was called and nothing is held any more."""
        claimer = threading.Thread(target=self.claim_until_stopped, daemon=True)
        claimer.start()
        while claimer.is_alive() and not self.stops:
            time.sleep(0.05)
        self.stopping.set()
        claimer.join()
        while self.held and len(self.stops) < 2:
            time.sleep(0.05)
        for context in list(self.held.values()):
            context.cancelled.set()
            self.attempt(context, lambda: context.report("release"))

    def stop(self):
        """Claims nothing more and lets running tasks finish; called again, gives them back."""
        self.stops.append(True)  # No more than that: a signal handler must not wait for a lock.

    def claim_until_stopped(self):
        while not self.stopping.is_set():
            with self.changed:
                free = self.concurrency - len(self.held)
                if free == 0:
                    self.changed.wait(1)
                    continue
            claim = {"worker_id": self.id, "types": list(self.handlers), "limit": min(free, 100),
                     "lease_seconds": LEASE_SECONDS, "wait": WAIT_SECONDS}
            try:
                reply = self.api.post("/claims", claim, self.stopping)
            except Unanswered:
                return  # Stopping.
            for task in reply["tasks"]:
                self.held[task["lease_token"]] = context = Context(self.api, task)
                threading.Thread(target=self.execute, args=[task, context], daemon=True).start()

    def execute(self, task, context):
        threading.Thread(target=self.renew_lease, args=[context], daemon=True).start()
        try:
            self.attempt(context, lambda: self.run_handler(task, context))
        finally:  # Whatever happened: the slot is free again, and the lease is no longer renewed.
            context.ended.set()
            with self.changed:
                del self.held[context.token]
                self.changed.notify_all()

    def run_handler(self, task, context):
        if self.stopping.is_set():  # Claimed at the last moment: queued again, and the attempt does not count.
            return context.report("release")
        try:
            result = self.handlers[task["type"]](task, context)
            if not context.cancelled.is_set():
                context.report("complete", result=result)
        except BaseException as error:  # sys.exit() in a handler fails its attempt, too: it must not end in silence.
            if not context.cancelled.is_set():
                hopeless = isinstance(error, (Rejected, Refused))
                context.report("fail", error_message=repr(error)[:10_000], retry=not hopeless)

    def renew_lease(self, context):
        """Each task has a thread for that: what one lease waits for keeps no other from being renewed."""
        while not context.ended.wait(HEARTBEAT_SECONDS):
            self.attempt(context, context.beat)

    def attempt(self, context, action):
        try:
            action()
        except (LeaseLost, Refused, Unanswered) as error:
            logging.warning("task %s: %s", context.id, error)
        except Exception:  # A defect must not end the thread that it happens in.
            logging.exception("task %s", context.id)


def countdown(task, context):
    """Counts down, one step a second. Payload: {"seconds": 5}."""
    seconds = task["payload"].get("seconds", 5)
    if seconds > 3600:
        raise Rejected("Too long to wait for")
    for left in range(seconds, 0, -1):
        context.progress(100 * (seconds - left) / seconds, f"{left} to go")
        context.cancelled.wait(1)
    context.log("info", "Counted down", {"from": seconds})
    return {"counted_from": seconds}


def main(handlers):
    parser = argparse.ArgumentParser(description="Runs tasks of a Spoolite server.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the server (%(default)s)")
    parser.add_argument("--worker-id", default=f"{socket.gethostname()}-{os.getpid()}", help="name of this worker")
    parser.add_argument("--concurrency", type=int, default=4, help="tasks run at once (%(default)s)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    worker = Worker(options.url, handlers, options.worker_id, options.concurrency)
    signal.signal(signal.SIGINT, lambda *_: worker.stop())
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    logging.info("%s works on %s, types: %s", options.worker_id, options.url, ", ".join(handlers))
    worker.run()
    sys.exit(0 if worker.stops else 1)


if __name__ == "__main__":
    main({"countdown": countdown})
