import CoreMetrics
import NIOConcurrencyHelpers

/// A number as it was last set: nothing until then, since nobody knows it.
final class GaugeCell: MetricCell, MeterHandler, RecorderHandler {
    private let value = NIOLockedValueBox<Double?>(nil)

    func tell(_ family: inout MetricFamily, _ labels: MetricFamily.Labels) {
        if let value = value.withLockedValue({ $0 }) { family.set(value, labels) }
    }

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) { self.value.withLockedValue { $0 = value } }

    func increment(by amount: Double) { value.withLockedValue { $0 = ($0 ?? 0) + amount } }

    func decrement(by amount: Double) { increment(by: -amount) }

    func record(_ value: Int64) { set(value) }

    func record(_ value: Double) { set(value) }
}
