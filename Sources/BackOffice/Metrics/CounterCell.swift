import CoreMetrics
import NIOConcurrencyHelpers

/// A number that only rises.
final class CounterCell: MetricCell, CounterHandler, FloatingPointCounterHandler {
    private let value = NIOLockedValueBox(0.0)

    func tell(_ family: inout MetricFamily, _ labels: MetricFamily.Labels) {
        family.set(value.withLockedValue { $0 }, labels)
    }

    func increment(by amount: Int64) { increment(by: Double(amount)) }

    func increment(by amount: Double) {
        if amount > 0 { value.withLockedValue { $0 += amount } }
    }

    func reset() { value.withLockedValue { $0 = 0 } }
}
