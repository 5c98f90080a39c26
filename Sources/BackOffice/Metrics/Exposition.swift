import Measures

/// Families of metrics as Prometheus reads them: the text format, version 0.0.4 (prometheus.io, "Exposition formats").
package enum Exposition {
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// Families by name, their lines by labels, so that two scrapes can be compared. A family without values is left out; several
    /// of one name are one.
    package static func text(_ families: [MetricFamily]) -> String {
        var byName: [String: MetricFamily] = [:]
        for family in families {
            if byName[family.description.name]?.merge(family) == nil { byName[family.description.name] = family }
        }
        var text = ""
        for (_, family) in byName.sorted(by: { $0.key < $1.key }) where !family.values.isEmpty { append(family, to: &text) }
        return text
    }

    private static func append(_ family: MetricFamily, to text: inout String) {
        let name = family.description.name
        text += "# HELP \(name) \(escapedHelp(family.description.help))\n"
        text += "# TYPE \(name) \(family.description.kind.word)\n"
        let values = family.values.map { (pairs: pairs($0.key), value: $0.value) }
        for (pairs, value) in values.sorted(by: { $0.pairs.lexicographicallyPrecedes($1.pairs) }) {
            switch value {
            case .number(let number): appendLine(name, pairs, number, to: &text)
            case .histogram(let histogram): append(histogram, name, pairs, to: &text)
            }
        }
    }

    /// Buckets are cumulative: each holds those below it.
    private static func append(_ histogram: Histogram, _ name: String, _ pairs: [String], to text: inout String) {
        let perUnit = Double(histogram.buckets.perUnit)
        var below = 0
        for (bound, count) in zip(histogram.buckets.upperBounds, histogram.counts) {
            below += count
            appendLine(name + "_bucket", pairs + ["le=\"\(number(Double(bound) / perUnit))\""], Double(below), to: &text)
        }
        appendLine(name + "_bucket", pairs + ["le=\"+Inf\""], Double(histogram.count), to: &text)
        appendLine(name + "_sum", pairs, histogram.sum / perUnit, to: &text)
        appendLine(name + "_count", pairs, Double(histogram.count), to: &text)
    }

    private static func appendLine(_ name: String, _ pairs: [String], _ value: Double, to text: inout String) {
        text += name
        if !pairs.isEmpty { text += "{" + pairs.joined(separator: ",") + "}" }
        text += " " + number(value) + "\n"
    }

    private static func pairs(_ labels: MetricFamily.Labels) -> [String] {
        labels.sorted { $0.key < $1.key }.map { "\($0)=\"\(escapedValue($1))\"" }
    }

    /// Whole numbers without a point, others with as many digits as it takes to read the same number again.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // All whole numbers up to here are exact.
        if value == value.rounded(), abs(value) <= 0x1p53 { return String(Int64(value)) }
        return "\(value)"
    }

    private static func escapedHelp(_ text: String) -> String {
        text.replacing("\\", with: #"\\"#).replacing("\n", with: #"\n"#)
    }

    private static func escapedValue(_ text: String) -> String {
        escapedHelp(text).replacing("\"", with: #"\""#)
    }
}
