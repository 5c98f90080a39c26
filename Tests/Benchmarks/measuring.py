"""What processes and cores have done, as the kernel counts it."""

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def pinned(processors, command):
    """The command on these. It is told to stop should the benchmark be killed; killed itself, it would leave its workers."""
    pin = ["taskset", "--cpu-list", ",".join(map(str, processors))] if processors else []
    return ["setpriv", "--pdeathsig", "TERM", *pin, *map(str, command)]


def process_tree(pid):
    """The process and all below it."""
    pids = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            pids += process_tree(int(child))
    return pids


def processor_nanoseconds(pid):
    """User and system time of all threads, also those that have ended: the process's own clock, to the nanosecond.

    The number of another process's clock is made as clock_getcpuclockid(3) makes it.
    """
    return time.clock_gettime_ns((~pid << 3) | 2)


def tree_nanoseconds(pids):
    """What these processes have spent. None of the servers has children that end, and would be missed, while it is measured."""
    return sum(map(processor_nanoseconds, pids))


def reaped_nanoseconds():
    """What all processes spent that ended and were waited for, here or by one that was waited for here: to the last one's end."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round((usage.ru_utime + usage.ru_stime) * 1e9)


def user_and_system_ticks(pid):
    """The kernel divides exact time between the two by sampling: right on average over seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]), int(fields[12])


def core_ticks(processors):
    """(busy, stolen, all) of processors since the machine started; of all there are when none is named."""
    names = [f"cpu{number}" for number in processors] or ["cpu"]
    totals = [0, 0, 0]
    lines = {line.split()[0]: line.split()[1:9] for line in Path("/proc/stat").read_text().splitlines() if line.startswith("cpu")}
    for name in names:
        if name not in lines:
            raise SystemExit(f"error: /proc/stat does not know {name}")
        user, nice, system, idle, waiting, irq, softirq, stolen = map(int, lines[name])
        busy = user + nice + system + irq + softirq
        totals = [total + more for total, more in zip(totals, (busy, stolen, busy + stolen + idle + waiting), strict=True)]
    return tuple(totals)


@dataclass(frozen=True)
class Snapshot:
    """The counts at one moment."""

    moment: float
    server_nanoseconds: int
    server_user_ticks: int
    server_system_ticks: int
    client_nanoseconds: int
    server_core: tuple
    client_core: tuple

    @classmethod
    def take(cls, server_pids, client_pid, cores):
        ticks = [user_and_system_ticks(pid) for pid in server_pids]
        return cls(
            moment=time.monotonic(),
            server_nanoseconds=tree_nanoseconds(server_pids),
            server_user_ticks=sum(user for user, _ in ticks),
            server_system_ticks=sum(system for _, system in ticks),
            client_nanoseconds=processor_nanoseconds(client_pid),
            server_core=core_ticks(cores.server),
            client_core=core_ticks(cores.client),
        )


@dataclass(frozen=True)
class Window:
    """What was done between two snapshots. Shares are of one core, 0 to 1, but that of the server's cores is of all it has."""

    seconds: float
    server_seconds: float
    # Of the server's time, spent in the kernel.
    system_share: float
    client_share: float
    server_core_share: float
    client_core_share: float
    # Of these cores: neither the server's nor the client's. Kernel threads that serve the disk are in it, and steal.
    other_share: float

    @classmethod
    def between(cls, begin, end, cores):
        # Where nothing is pinned both stand for the same one.
        counts = (len(cores.server) or 1, len(cores.client))
        seconds = end.moment - begin.moment
        server = (end.server_nanoseconds - begin.server_nanoseconds) / 1e9
        client = (end.client_nanoseconds - begin.client_nanoseconds) / 1e9
        user = end.server_user_ticks - begin.server_user_ticks
        system = end.server_system_ticks - begin.server_system_ticks
        server_core, client_core = (begin.server_core, end.server_core), (begin.client_core, end.client_core)
        busy = [share(*server_core, 0), share(*client_core, 0)]
        # In cores, as the processes' time is: the server may have several.
        taken = sum(
            count * (share(*core, 0) + share(*core, 1)) for core, count in zip((server_core, client_core), counts, strict=True)
        )
        return cls(
            seconds=seconds,
            server_seconds=server,
            system_share=system / max(1, user + system),
            client_share=client / seconds,
            server_core_share=busy[0],
            client_core_share=busy[1],
            other_share=max(0.0, taken - (server + client) / seconds),
        )


def share(begin, end, index):
    return (end[index] - begin[index]) / max(1, end[2] - begin[2])


def wait_until_quiet(pids, owes_work=lambda: False, most_seconds=20.0):
    """Waits until the processes spend nothing any more, and say that they have nothing more to do. False: they go on."""
    last = tree_nanoseconds(pids)
    deadline = time.monotonic() + most_seconds
    while time.monotonic() < deadline:
        time.sleep(0.15)
        now = tree_nanoseconds(pids)
        # A timer that looks at connections four times a second is not work. One who rests before more work says so.
        if now - last < 1_500_000 and not owes_work():
            return True
        last = now
    return False


def memory_kib(pids):
    """(Pss, Rss) summed over the processes. Pss divides what processes share between them, so that its sum is right."""
    totals = {"Pss": 0, "Rss": 0}
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, _, rest = line.partition(":")
            if name in totals:
                totals[name] += int(rest.split()[0])
    return totals["Pss"], totals["Rss"]


def thread_names(pids):
    return [file.read_text().strip() for pid in pids for file in Path(f"/proc/{pid}/task").glob("*/comm")]
