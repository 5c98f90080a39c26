package import Measures

/// One family of metrics with the values it has now, by their labels.
package struct MetricFamily: Sendable {
    /// Names with their values. Values must come from closed sets, or from the operator's own files.
    package typealias Labels = [String: String]

    enum Value: Sendable, Equatable {
        case number(Double)
        case histogram(Histogram)
    }

    let description: MetricDescription
    private(set) var values: [Labels: Value] = [:]

    package init(_ description: MetricDescription) {
        self.description = description
    }

    package init(_ kind: MetricDescription.Kind, _ name: String, _ help: String) {
        self.init(MetricDescription(kind, name, help))
    }

    /// Gives a counter or a gauge its value. Labels that repeat: a counter's values add up, the last of a gauge's stays.
    package mutating func set(_ value: Double, _ labels: Labels = [:]) {
        let labels = Self.named(labels)
        if description.kind == .counter, case .number(let before)? = values[labels] {
            values[labels] = .number(before + value)
        } else {
            values[labels] = .number(value)
        }
    }

    package mutating func set(_ value: some BinaryInteger, _ labels: Labels = [:]) { set(Double(value), labels) }

    /// Gives a histogram its values. Labels that repeat: they add up.
    package mutating func set(_ histogram: Histogram, _ labels: Labels = [:]) {
        let labels = Self.named(labels)
        var histogram = histogram
        if case .histogram(let before)? = values[labels] { histogram.add(before) }
        values[labels] = .histogram(histogram)
    }

    /// Takes over the values of another family of the same name.
    mutating func merge(_ other: MetricFamily) {
        for (labels, value) in other.values {
            switch value {
            case .number(let number): set(number, labels)
            case .histogram(let histogram): set(histogram, labels)
            }
        }
    }

    private static func named(_ labels: Labels) -> Labels {
        Dictionary(labels.map { (MetricName.label($0), $1) }) { first, _ in first }
    }
}

extension [MetricFamily] {
    /// Appends a family of one value, which has no labels; none when the value is not known.
    package mutating func append(
        _ kind: MetricDescription.Kind, _ name: String, _ help: String, _ value: (some BinaryInteger)?
    ) {
        append(kind, name, help, value.map { Double($0) })
    }

    package mutating func append(_ kind: MetricDescription.Kind, _ name: String, _ help: String, _ value: Double?) {
        guard let value else { return }
        var family = MetricFamily(kind, name, help)
        family.set(value)
        append(family)
    }

    package mutating func append(_ name: String, _ help: String, _ histogram: Histogram) {
        var family = MetricFamily(.histogram(histogram.buckets), name, help)
        family.set(histogram)
        append(family)
    }
}
