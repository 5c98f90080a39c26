import Attribution
import BackOffice
import CoreMetrics

/// Counts how often routes and certificates were read again, and says whether what is in force is what the files hold.
struct ReloadMetrics {
    enum Files: String, CaseIterable {
        case routes
        case certificates
    }

    /// What the register must know of.
    static let descriptions = [total, succeeded, time]

    private static let total = MetricDescription(
        .counter, "porter_reloads_total", "How often changed files were read again, by what they hold and how it ended.")
    private static let succeeded = MetricDescription(
        .gauge, "porter_last_reload_successful",
        "1 when what is in force is what the files hold, 0 when the files were refused and the old stays.")
    private static let time = MetricDescription(
        .gauge, "porter_last_reload_success_timestamp_seconds",
        "When files were last read and put in force, in seconds since 1970.")

    /// The instruments of one kind of files.
    private struct Instruments {
        let loaded: Counter
        let failed: Counter
        let succeeded: Meter
        let time: Meter

        init(_ files: Files) {
            let files = ("files", files.rawValue)
            loaded = Counter(label: ReloadMetrics.total.name, dimensions: [files, ("result", "ok")])
            failed = Counter(label: ReloadMetrics.total.name, dimensions: [files, ("result", "failed")])
            succeeded = Meter(label: ReloadMetrics.succeeded.name, dimensions: [files])
            time = Meter(label: ReloadMetrics.time.name, dimensions: [files])
        }
    }

    private let instruments: [Files: Instruments]

    /// - Parameter start: when the files were first read.
    init(start: Timestamp = .now) {
        instruments = Dictionary(uniqueKeysWithValues: Files.allCases.map { ($0, Instruments($0)) })
        for instruments in instruments.values { Self.putInForce(instruments, at: start) }
    }

    func note(_ files: Files, succeeded: Bool, at time: Timestamp) {
        // There is one of each kind.
        let instruments = instruments[files]!
        if succeeded {
            instruments.loaded.increment()
            Self.putInForce(instruments, at: time)
        } else {
            instruments.failed.increment()
            instruments.succeeded.set(0)
        }
    }

    private static func putInForce(_ instruments: Instruments, at time: Timestamp) {
        instruments.succeeded.set(1)
        instruments.time.set(Double(time.microseconds) / Double(Timestamp.microsecondsPerSecond))
    }
}
