import Glibc

/// The command line as the system handed it over. Swift repairs arguments that are not UTF-8, and `porter explain` is about
/// just such bytes.
enum RawArguments {
    /// The bytes of the argument that `text` was made from; `text`'s own when there is none.
    static func bytes(of text: String) -> [UInt8] {
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let pointer = CommandLine.unsafeArgv[index] else { continue }
            let bytes = [UInt8](UnsafeBufferPointer(start: pointer, count: strlen(pointer)).lazy.map(UInt8.init(bitPattern:)))
            if String(decoding: bytes, as: UTF8.self) == text { return bytes }
            // `--header=VALUE`
            if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
                let value = Array(bytes[(equals + 1)...])
                if String(decoding: value, as: UTF8.self) == text { return value }
            }
        }
        return Array(text.utf8)
    }
}
