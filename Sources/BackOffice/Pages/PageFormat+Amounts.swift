extension PageFormat {
    /// `1.5 GB`, in French `1,5 Go`; decimal units, as disks are sold in.
    func bytes(_ bytes: Int64) -> String {
        let names = language == .french ? ["o", "ko", "Mo", "Go", "To"] : ["B", "kB", "MB", "GB", "TB"]
        var unit = 0
        var value = Double(bytes)
        while value >= 999.95, unit < names.count - 1 {
            value /= 1_000
            unit += 1
        }
        return (unit == 0 ? number(bytes) : tenths(value)) + "\u{A0}" + names[unit]
    }

    /// `1.2 ms`.
    func milliseconds(_ microseconds: Int64) -> String { tenths(Double(microseconds) / 1_000) + "\u{A0}ms" }

    /// `3 d 4 h`, `4 h 5 min`, `5 min 6 s`: the two largest units.
    func duration(seconds: Int64) -> String {
        let day = language == .french ? "j" : "d"
        let parts = [(seconds / 86_400, day), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")]
        let first = parts.firstIndex { $0.0 > 0 } ?? parts.count - 1
        return parts[first..<min(first + 2, parts.count)].map { "\($0.0)\u{A0}\($0.1)" }.joined(separator: " ")
    }

    private func tenths(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return number(tenths / 10) + (language == .french ? "," : ".") + String(abs(tenths % 10))
    }
}
