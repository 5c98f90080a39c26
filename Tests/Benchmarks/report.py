"""What people read at the end."""

import os
import platform
import subprocess
from pathlib import Path

import halfload
import results
from cores import NEEDED_FOR_TWO, Cores
from scenarios import SCENARIOS


def summary_of(benchmark):
    """All medians, as --json prints them."""
    reference = benchmark.plan.reference
    scenarios = [
        {"scenario": scenario.name, "connections": connections, "servers": results.summarise(rows, reference)}
        for (scenario, connections), rows in benchmark.measured.items()
    ]
    halves = [{"scenario": mode, "servers": results.summarise(rows, name)} for (mode, name), rows in benchmark.halves.items()]
    return {
        "about": about(benchmark.plan),
        "disk_ms": benchmark.disk,
        "floor_us": benchmark.floor,
        "scenarios": scenarios,
        "half_load": halves,
        "dropped": benchmark.dropped,
    }


def about(plan):
    cores = Cores.choose(plan.server_cores)
    return {
        "processor": processor_name(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "pinned": pinned(cores),
        "rounds": plan.rounds,
        "seconds": plan.seconds,
        "minutes": plan.limit_seconds / 60,
        "versions": {contestant.name: contestant.kind.version() for contestant in plan.contestants},
        "load_client": subprocess.run(["openssl", "version"], capture_output=True, text=True, check=False).stdout.strip(),
    }


def pinned(cores):
    if not cores.server:
        return "no, there are too few cores"
    servers = " and ".join(map(str, cores.server))
    told = f"server on core{'s' if len(cores.server) > 1 else ''} {servers}, client on core {cores.client[0]}"
    return told + ("; these are THREADS OF ONE CORE, each slows the other down" if cores.are_siblings() else "")


def print_tables(summary, reference):
    about = summary["about"]
    print(f"{about['processor']}, {about['cores']} cores, Linux {about['kernel']}")
    print(f"Pinned: {about['pinned']}. Medians of {about['rounds']} rounds of {about['seconds']} s, by turns.")
    print(f"The load client's TLS: {about['load_client']}.")
    for name, version in about["versions"].items():
        print(f"  {name}: {version}")
    if about["cores"] < NEEDED_FOR_TWO:
        print(f"Not measured: a server with two cores (--server-cores 2), which needs {NEEDED_FOR_TWO} of them.")
    if dropped := summary["dropped"]:
        print(f"Rounds that were dropped to end within {about['minutes']:g} minutes: {'; '.join(dropped)}.")
    print(
        "CPU µs: user and system time of all the server's processes and threads per redirect, with what it puts off, to its end."
    )
    print("÷: median of the rounds' ratios to the reference. ± %: half the range of CPU µs. memory: sum of Pss after the load.")
    print("other µs: what the two cores did per redirect that is neither server nor client: the kernel's disk threads, mostly.")
    if disk := summary["disk_ms"]:
        print(
            f"The disk, a write of 8 KiB and fdatasync, {disk['writes']} times: "
            f"p50 {disk['p50']:.2f} ms, p99 {disk['p99']:.2f} ms, p99.9 {disk['p99.9']:.2f} ms"
        )
    if floor := summary["floor_us"]:
        print("\nThe floor, CPU µs")
        for what, microseconds in floor.items():
            print(f"{microseconds:8.2f}  {what}")
    titles = {scenario.name: scenario.title for scenario in SCENARIOS}
    for measured in summary["scenarios"]:
        print(f"\n{measured['scenario']}: {titles[measured['scenario']]}, {measured['connections']} clients")
        print_table(measured["servers"], reference, results.COLUMNS)
    for measured in summary["half_load"]:
        print(f"\nHalf load, random arrivals: {titles[measured['scenario']]}")
        print_table(measured["servers"], reference, halfload.COLUMNS)
        if len(measured["servers"]) == 2:
            print(halfload.verdict(*measured["servers"], disk))


def print_table(summaries, reference, columns):
    print("\n".join(results.table(summaries, reference, columns)))
    for error in results.errors_of(summaries):
        print(f"error: {error}")


def processor_name():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
