"""What the Python programs of the benches have in common: finding libraries, timing, answering jobs."""
import importlib
import json
import sys
import time


def find_libraries(titles):
    """Imports the modules of {module: title}; returns {module: itself} and {title: why it is missing}."""
    found, missing = {}, {}
    for module, title in titles.items():
        try:
            found[module] = importlib.import_module(module)
        except ImportError as error:
            missing[title] = str(error)
    return found, missing


def elapsed(work):
    """The milliseconds that a function takes, and what it returns."""
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1e3, result


def serve(versions, missing, jobs):
    """First prints {"versions": {library: version}, "missing": {library: reason}} as one line of JSON. Then
    answers each line {"do": job, ...} with what that function returns, {"ms": milliseconds, ...}."""
    print(json.dumps({"versions": versions, "missing": missing}), flush=True)
    by_name = {job.__name__: job for job in jobs}
    for line in sys.stdin:
        job = json.loads(line)
        try:
            answer = by_name[job["do"]](job)
        except Exception as error:  # What failed is told, and the next job may do better.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
