import Attribution
import Foundation
import Logging

/// Writes each event as one line of `key=value` to standard error.
///
/// Values may come from visitors: whatever is not plain ASCII is escaped, so that one event is one line and nobody can write
/// a line of their own.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = "time=\(Timestamp.now) level=\(event.level) msg=\(Self.quoted("\(event.message)"))"
        let provided = metadataProvider?.get() ?? [:]
        let all = metadata.merging(provided) { $1 }.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += " \(Self.plain(key) ? key : Self.quoted(key))=\(Self.quoted("\(value)"))"
        }
        // One write of one line: lines of several threads don't mix.
        StandardStream.error.write(line + "\n")
    }

    /// The text itself when it is plain, else in quotes with escapes.
    static func quoted(_ text: String) -> String {
        if plain(text) { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case "\n": quoted += "\\n"
            case " "..."~": quoted.unicodeScalars.append(scalar)
            default: quoted += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
        return quoted + "\""
    }

    private static func plain(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\\")
            }
    }
}
