"""The worker of the examples, with handlers for tests: the payload says what happens."""

import os
import pathlib
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "examples"))
import worker  # noqa: E402

worker.HEARTBEAT_SECONDS = 0.2


def add(task, context):
    return task["payload"]["a"] + task["payload"]["b"]


def flaky(task, context):
    """Fails while the task has had fewer attempts than payload.attempts."""
    context.log("info", f"attempt {task['attempts']}", {"of": task["payload"]["attempts"]})
    if task["attempts"] < task["payload"]["attempts"]:
        raise RuntimeError("not yet")
    return task["attempts"]


def reject(task, context):
    raise worker.Rejected("never")


def no_json(task, context):
    return float("nan")


def wait(task, context):
    """Reports progress, then waits for the file payload.until, or notes in payload.noted that it was cancelled."""
    context.progress(40, "waiting")
    while not os.path.exists(task["payload"]["until"]):
        if context.cancelled.wait(0.01):
            pathlib.Path(task["payload"]["noted"]).touch()
            return None
    return "waited"


def stay(task, context):
    """Waits for the file payload.until without a word."""
    while not os.path.exists(task["payload"]["until"]):
        time.sleep(0.01)


def leave(task, context):
    """Ends its thread in the way that payload.how says."""
    if task["payload"]["how"] == "interrupt":
        raise KeyboardInterrupt
    sys.exit("enough")


def record(task, context):
    """Notes that this process ran the task."""
    with open(os.environ["RECORD_FILE"], "a", encoding="ascii") as file:
        file.write(f"{task['task_id']}\n")


worker.main({"add": add, "flaky": flaky, "reject": reject, "no_json": no_json, "wait": wait, "stay": stay, "leave": leave, "record": record})
