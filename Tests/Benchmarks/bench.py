"""The command behind `make bench`: Porter beside the web servers that people would use instead, doing the same job."""

import json
import sys

import markdown
import report
from benchmark import Benchmark
from plan import arguments_parser, plan_of
from workplace import at_work, has_ended


def main():
    parser = arguments_parser()
    options = parser.parse_args()
    if options.markdown_from:
        print(markdown.comparison(markdown.read_groups(options.markdown_from), options.reference))
        return 0
    plan = plan_of(options, parser)
    with at_work(plan.keeps_logs) as (site, rows):
        benchmark = Benchmark(plan, site, rows)
        was_interrupted = not has_ended(benchmark.run)
    summary = report.summary_of(benchmark)
    if options.json:
        print(json.dumps(summary, indent=2, ensure_ascii=False))
    elif options.markdown:
        groups = {(scenario.name, connections): rows for (scenario, connections), rows in benchmark.measured.items()}
        print(markdown.comparison(groups, plan.reference))
        if summary["half_load"]:
            print("\n" + markdown.half_load(summary["half_load"]))
    else:
        report.print_tables(summary, plan.reference)
        print(f"\nEvery run: {rows.path}")
    has_failed = any(one.get("errors") for part in ("scenarios", "half_load") for of in summary[part] for one in of["servers"])
    return 1 if has_failed or was_interrupted else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
