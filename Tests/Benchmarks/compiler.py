"""Builds the C programs with the machine's compiler; each benchmark builds its own, in a second."""

import shutil
import subprocess


def compile_c(source, program):
    compiler = next(filter(None, map(shutil.which, ["cc", "gcc", "clang"])), None)
    if compiler is None:
        raise SystemExit(f"error: there is no C compiler (cc, gcc or clang) to build {source.name} with")
    done = subprocess.run(
        [compiler, "-O2", "-Wall", "-o", program, source, "-lssl", "-lcrypto", "-lm"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"error: {compiler} does not build {source} (is libssl-dev installed?):\n{done.stderr}")
