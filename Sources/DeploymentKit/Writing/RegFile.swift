/// What `regedit` imports: UTF-16LE with a byte order mark and CRLF, in the syntax of "How to add, modify, or delete registry
/// subkeys and values by using a .reg file" (Microsoft support 310516).
///
/// There is no comment in it: Debian's `reged`, with which images are prepared as well, crashes at one.
enum RegFile {
    static func setting(_ values: [SignupValue]) -> [UInt8] {
        file(values.map { "\(quoted($0.name.rawValue))=\(quoted($0.data))" })
    }

    /// The key stays: others may have values in it.
    static func removing(_ names: [SignupValue.Name]) -> [UInt8] {
        file(names.map { "\(quoted($0.rawValue))=-" })
    }

    private static func file(_ lines: [String]) -> [UInt8] {
        let lines = ["Windows Registry Editor Version 5.00", "", "[\(MSOKey.path)]"] + lines + ["", ""]
        let units = [0xFEFF] + Array(lines.joined(separator: "\r\n").utf16)
        return units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    /// A name or a string: backslashes and quotation marks are written behind a backslash.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
