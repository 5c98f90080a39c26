package import CoreMetrics
import Measures
import NIOConcurrencyHelpers

/// Where swift-metrics' counters, meters, timers and recorders keep their values until they are scraped.
///
/// Only what is described is kept: names and labels are a promise to whoever builds dashboards and alerts, and no library may
/// add lines of its own to them. What a library counts under another name goes nowhere.
package final class MetricsRegister: MetricsFactory {
    /// Combinations of labels that one family may have. Ours have a few; more would be somebody's mistake.
    static let maximumLabels = 1_000

    private let descriptions: [String: MetricDescription]
    private let cells = NIOLockedValueBox<[String: [MetricFamily.Labels: any MetricCell]]>([:])

    package init(_ descriptions: [MetricDescription]) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The families with what was counted, without those that nobody has asked for yet.
    package var families: [MetricFamily] {
        cells.withLockedValue { $0 }.map { name, cells in
            // Cells are made for what is described, and nothing else.
            var family = MetricFamily(descriptions[name]!)
            for (labels, cell) in cells { cell.tell(&family, labels) }
            return family
        }
    }

    /// The cell of a name and its labels, the same for whoever asks; nil when the name is described as something else, or not.
    private func cell<Cell: MetricCell>(
        _ name: String, _ dimensions: [(String, String)], _ make: (MetricDescription.Kind) -> Cell?
    ) -> Cell? {
        guard let description = descriptions[name] else { return nil }
        let labels = Dictionary(dimensions) { _, last in last }
        return cells.withLockedValue { cells in
            if let cell = cells[name]?[labels] { return cell as? Cell }
            guard cells[name, default: [:]].count < Self.maximumLabels, let cell = make(description.kind) else { return nil }
            cells[name, default: [:]][labels] = cell
            return cell
        }
    }

    private static func counter(_ kind: MetricDescription.Kind) -> CounterCell? { kind == .counter ? CounterCell() : nil }

    private static func gauge(_ kind: MetricDescription.Kind) -> GaugeCell? { kind == .gauge ? GaugeCell() : nil }

    private static func histogram(_ kind: MetricDescription.Kind) -> HistogramCell? {
        if case .histogram(let buckets) = kind { HistogramCell(buckets) } else { nil }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(label, dimensions, Self.counter) ?? NOOPMetricsHandler.instance
    }

    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        cell(label, dimensions, Self.counter) ?? NOOPMetricsHandler.instance
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        cell(label, dimensions, Self.gauge) ?? NOOPMetricsHandler.instance
    }

    /// - Parameter aggregate: whether all values count, or the last alone.
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let kept: (any RecorderHandler)? =
            aggregate ? cell(label, dimensions, Self.histogram) : cell(label, dimensions, Self.gauge)
        return kept ?? NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(label, dimensions, Self.histogram) ?? NOOPMetricsHandler.instance
    }

    // A counter that nobody holds any more keeps its line: it would otherwise begin anew while the process lives.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
