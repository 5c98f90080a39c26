"""Which processors the server and its client run on."""

import os
from dataclasses import dataclass
from pathlib import Path

# Two of the server's are measured only where client and kernel have others.
NEEDED_FOR_TWO = 4


@dataclass(frozen=True)
class Cores:
    """The kernel's numbers of the processors that each has to itself. Empty: wherever the kernel likes, since there is one."""

    server: tuple
    client: tuple

    @classmethod
    def choose(cls, server_cores=1):
        """So that server and client share no core where that is possible; a core with two threads is two processors."""
        return choose(sorted(os.sched_getaffinity(0)), siblings_of, server_cores)

    def are_siblings(self, siblings=None):
        """Whether a processor of the server's and the client's are threads of one core: then each slows the other down."""
        siblings = siblings or siblings_of
        return any(processor in siblings(mine) for mine in self.server for processor in self.client)


def choose(allowed, siblings, server_cores):
    """As Cores.choose, of these processors; `siblings` gives those of one's core, itself among them."""
    if len(allowed) <= server_cores:
        return Cores((), ())
    # The first thread of every core, then what is left: the server takes the first ones, the client the next.
    firsts = [number for number in allowed if number == min(siblings(number) & set(allowed))]
    if len(firsts) <= server_cores and len(firsts) > 1:
        # Too few cores for all to have one: the server's share one.
        client = firsts[-1]
        server = [number for number in allowed if client not in siblings(number)]
        if len(server) >= server_cores:
            return Cores(tuple(server[:server_cores]), (client,))
    order = [*firsts, *(number for number in allowed if number not in firsts)]
    return Cores(tuple(order[:server_cores]), (order[server_cores],))


def siblings_of(processor):
    """The processors that are threads of the same core, itself among them (Linux, cputopology.rst)."""
    file = Path(f"/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list")
    try:
        return numbers_of(file.read_text())
    except OSError:
        return {processor}


def numbers_of(text):
    """Those of a list such as 0-1,4."""
    ends = [part.split("-") for part in text.strip().split(",")]
    return {number for end in ends for number in range(int(end[0]), int(end[-1]) + 1)}
