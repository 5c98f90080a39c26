"""One run: a server is started, checked, asked for some seconds, and stopped. What comes out is a row."""

import contextlib
import signal
import time

import measuring
from checking import check
from clients import Order, run_client
from servers import ServerError

# A client that has its core to itself and a server that has time left: the client is what limits the rate.
CLIENT_BUSY_SHARE = 0.95
SERVER_BUSY_SHARE = 0.95
# A run of resumed connections in which so many were not is none.
RESUMED_SHARE = 0.99
# Of two cores, used by neither of the two. Below it is what kernel threads and the benchmark itself take.
DISTURBED_SHARE = 0.15


def run_once(contestant, site, scenario, connections, plan, cores, rate=None):
    """Measures one contestant once. A server or client that fails gives a row with `error`."""
    row = {
        "scenario": scenario.name,
        "connections": connections,
        "server": contestant.name,
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
    if rate:
        row["rate"] = round(rate, 1)
    server = contestant.kind(contestant.name, site, site.folder / "run")
    order = Order(server, scenario, connections, plan.seconds, plan.warmup, cores, site.folder, rate)
    try:
        server.start(cores.server)
        row |= measure(order, check(server))
    except (ServerError, OSError, ValueError) as problem:
        row["error"] = str(problem)
    finally:
        if not plan.keeps_logs:
            server.remove()
        else:
            server.stop()
            with contextlib.suppress(OSError):
                server.folder.rename(site.folder / f"run-{time.time_ns()}-{contestant.name}")
    return row


def measure(order, checked):
    """The row of a server that answered so many requests before."""
    server = order.server
    asked = run_client(order)
    pids = server.pids()
    spent = measuring.tree_nanoseconds(pids)
    is_quiet = measuring.wait_until_quiet(pids, server.work_left)
    pss_kib, rss_kib = measuring.memory_kib(pids)
    loops = sum("NIO-ELT" in name for name in measuring.thread_names(pids))
    # Nothing else that was started is waited for between these two.
    reaped = measuring.reaped_nanoseconds()
    status = server.stop()
    late_seconds = max(0, measuring.reaped_nanoseconds() - reaped - spent) / 1e9
    work_left = server.work_left() if is_quiet else "it did not come to rest"
    recorded = server.requests_recorded()

    window = asked.window
    answered = max(1, asked.answered)
    # Work that was put off, to the end of the process, belongs to all that was answered, in the window or not.
    late_us = late_seconds * 1e6 / max(1, asked.answered_ever)
    row = {
        "redirects": asked.answered,
        "seconds": round(window.seconds, 4),
        "redirects_per_second": asked.answered / window.seconds,
        "cpu_us": window.server_seconds * 1e6 / answered + late_us,
        "cpu_late_us": late_us,
        "cpu_system_share": window.system_share,
        **{f"{name}_ms": value for name, value in asked.latencies.items()},
        "memory_kib": pss_kib,
        "rss_kib": rss_kib,
        "server_core": window.server_core_share,
        "client_core": window.client_core_share,
        "client_share": window.client_share,
        "other_share": window.other_share,
        "client_bound": is_client_bound(window),
        "disturbed": window.other_share > DISTURBED_SHARE,
        "waiting": asked.waiting,
        "unclean": asked.unclean,
        "reconnected": asked.reconnected,
        "tls": asked.tls,
        "faults": asked.faults,
        "recorded": recorded,
        "checked": checked,
        "answered_ever": asked.answered_ever,
    }
    if loops:
        row["loops"] = loops
    if order.scenario.resumes:
        row["resumed_share"] = (asked.resumed or 0) / max(1, asked.handshakes or 0)
    if problem := problem_of(order.scenario, asked, recorded - checked, status, work_left):
        row["error"] = problem + server.last_words()
    return row


def is_client_bound(window):
    """Others' work on the client's core is no limit of the client's: then the run is disturbed, which is said as well."""
    is_busy = window.client_core_share >= CLIENT_BUSY_SHARE and window.client_share + DISTURBED_SHARE >= CLIENT_BUSY_SHARE
    return is_busy and window.server_core_share < SERVER_BUSY_SHARE


def problem_of(scenario, asked, recorded, status, work_left):
    """Why a run is no result, if it is none. `recorded` are requests beside those of the check."""
    if asked.faults:
        return f"the client met faults: {asked.faults}; the first: {asked.first_fault}"
    if asked.answered == 0:
        return "nothing was answered"
    if scenario.tls and asked.tls != scenario.tls:
        return f"the handshakes agreed on {asked.tls}, not {scenario.tls}"
    if scenario.resumes and (asked.resumed or 0) < RESUMED_SHARE * (asked.handshakes or 0):
        return f"of {asked.handshakes} handshakes {asked.resumed} were resumed"
    if scenario.keeps_alive and asked.reconnected:
        return f"{asked.reconnected} connections that were to be kept alive were made anew"
    if recorded < asked.answered_ever:
        return f"{asked.answered_ever} answers came, but {recorded} requests stand in the log beside those of the check"
    if work_left:
        return f"the server left work undone: {work_left}"
    # HAProxy lets the signal end it.
    if status not in (0, -signal.SIGTERM, 128 + signal.SIGTERM):
        return f"the server ended with {status} after SIGTERM"
    return None
