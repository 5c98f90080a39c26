package import Measures

/// What a family of metrics is called, what it means, and how it is counted.
package struct MetricDescription: Sendable {
    /// The types of the exposition format that Porter uses.
    package enum Kind: Equatable, Sendable {
        /// Only rises, and begins anew with the process.
        case counter
        /// What is so at the moment.
        case gauge
        case histogram(Buckets)

        /// As a TYPE line has it.
        var word: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    package let name: String
    package let kind: Kind
    /// One sentence.
    package let help: String

    /// - Parameter name: by the rules of Prometheus (prometheus.io, "Metric and label naming"): in base units, which end the
    ///   name; counters end with `_total`.
    package init(_ kind: Kind, _ name: String, _ help: String) {
        precondition(MetricName.isName(name), "\(name) can't be the name of a metric")
        precondition(name.hasSuffix("_total") == (kind == .counter), "counters, and only they, end with _total: \(name)")
        self.name = name
        self.kind = kind
        self.help = help
    }
}

/// What names are made of (prometheus.io, "Data model").
enum MetricName {
    /// Colons are for recording rules.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        return isLetter(first) && text.utf8.allSatisfy { isLetter($0) || isDigit($0) }
    }

    /// What is no part of a label's name becomes an underscore; two in front are Prometheus's own.
    static func label(_ text: String) -> String {
        var name = String(decoding: text.utf8.map { isLetter($0) || isDigit($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        while name.hasPrefix("__") { name.removeFirst() }
        return name.utf8.first.map(isLetter) == true ? name : "_" + name
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
