import CoreMetrics
import Measures
import NIOConcurrencyHelpers

/// All values of a timer or a recorder.
final class HistogramCell: MetricCell, RecorderHandler, TimerHandler {
    private let histogram: NIOLockedValueBox<Histogram>

    init(_ buckets: Buckets) {
        histogram = NIOLockedValueBox(Histogram(buckets))
    }

    func tell(_ family: inout MetricFamily, _ labels: MetricFamily.Labels) {
        family.set(histogram.withLockedValue { $0 }, labels)
    }

    func record(_ value: Int64) { record(Double(value)) }

    /// - Parameter value: in whole units.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        histogram.withLockedValue { histogram in
            // Values beyond what the small unit can count are in the last bucket as well.
            let parts = (value * Double(histogram.buckets.perUnit)).rounded()
            histogram.note(Int64(exactly: parts) ?? (parts < 0 ? 0 : .max))
        }
    }

    func recordNanoseconds(_ duration: Int64) {
        histogram.withLockedValue { histogram in
            histogram.note(duration / max(1, 1_000_000_000 / histogram.buckets.perUnit))
        }
    }
}
