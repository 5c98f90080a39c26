import Attribution

/// Reads a registry export line by line.
struct ExportReader {
    private var lines: ExportLines
    /// Whether strings in hexadecimal are UTF-16LE, as in version 5; in REGEDIT4 they are in a code page.
    private let isVersion5: Bool
    private var export = RegistryExport()
    /// Of the key whose values are read; nil between keys, and in those that are not kept.
    private var key: Int?
    /// Where the keys that are kept stand in the export, by their paths in lower case.
    private var keyIndexes: [String: Int] = [:]
    /// The same for each key's values, by their names.
    private var valueIndexes: [[String: Int]] = []

    /// - Throws: ``KitFault`` unless the first line says that it is an export.
    init(_ bytes: [UInt8]) throws(KitFault) {
        lines = ExportLines(bytes)
        var first: [UInt8] = []
        while first.isEmpty, let line = lines.next() { first = Array(Self.trimmed(line[...])) }
        switch String(decoding: first, as: UTF8.self) {
        case "Windows Registry Editor Version 5.00": isVersion5 = true
        case "REGEDIT4": isVersion5 = false
        case "": throw KitFault("it is empty; export the key \(MSOKey.path) with `reg export`")
        case let text:
            throw KitFault(
                "it is no registry export, as it begins with \(text.quoted); export the key \(MSOKey.path) with `reg export`")
        }
    }

    mutating func read() -> RegistryExport {
        while let line = lines.next() {
            let line = Self.trimmed(line[...])
            switch line.first {
            case nil, UInt8(ascii: ";"): continue
            case UInt8(ascii: "["): beginKey(line)
            case UInt8(ascii: "\""), UInt8(ascii: "@"):
                if let key { readValue(line, in: key) } else { cutIfContinued(line) }
            default:
                note("is neither a key nor a value")
                cutIfContinued(line)
            }
        }
        return export
    }

    /// Of what is passed over, too, the end is looked at: the module's key may have been behind it.
    private mutating func cutIfContinued(_ line: ArraySlice<UInt8>) {
        if line.last == UInt8(ascii: "\\"), lines.isAtEnd { export.cutLine = lines.number }
    }

    /// Tells of the line that was read last. When nothing follows it, the file is taken to be cut off there.
    private mutating func note(_ message: String, mayBeCut: Bool = true) {
        guard export.cutLine == nil else { return }
        if key != nil, mayBeCut, lines.isAtEnd {
            export.cutLine = lines.number
            return
        }
        guard key != nil, export.problems.count < RegistryExport.maximumProblems else { return }
        export.problems.append(RegistryExport.Problem(line: lines.number, message: message))
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        var rest = line.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }

    // MARK: Keys

    private mutating func beginKey(_ line: ArraySlice<UInt8>) {
        key = nil
        // A key's name may hold a bracket: the last one closes.
        guard let close = line.lastIndex(of: UInt8(ascii: "]")) else {
            if lines.isAtEnd { export.cutLine = lines.number }
            return
        }
        var path = line[(line.startIndex + 1)..<close]
        let isDeleted = path.take(UInt8(ascii: "-"))
        export.keyCount += 1
        if isDeleted { delete(below: String(decoding: path, as: UTF8.self)) }
        // Of an export with many keys, nearly all are passed over here.
        guard path.firstIndexIgnoringASCIICase(of: "mso") != nil || path.firstIndexIgnoringASCIICase(of: "server") != nil else {
            return
        }
        let text = String(decoding: path, as: UTF8.self)
        guard let place = KeyPlace(text), let index = index(ofKey: text, place) else { return }
        export.keys[index].isDeleted = isDeleted
        if isDeleted { empty(index) } else { key = index }
    }

    /// What was set in a key goes with it.
    private mutating func empty(_ key: Int) {
        export.keys[key].values = []
        valueIndexes[key] = [:]
    }

    /// A key goes with all that is below it.
    private mutating func delete(below path: String) {
        let prefix = path.lowercased() + "\\"
        for index in export.keys.indices where export.keys[index].path.lowercased().hasPrefix(prefix) {
            export.keys[index].isDeleted = true
            empty(index)
        }
    }

    private mutating func index(ofKey path: String, _ place: KeyPlace) -> Int? {
        let lowercased = path.lowercased()
        if let known = keyIndexes[lowercased] { return known }
        guard export.keys.count < RegistryExport.maximumKeys else { return nil }
        keyIndexes[lowercased] = export.keys.count
        export.keys.append(RegistryExport.Key(path: path, place: place))
        valueIndexes.append([:])
        return export.keys.count - 1
    }

    // MARK: Values

    private mutating func readValue(_ line: ArraySlice<UInt8>, in key: Int) {
        var rest = line
        let name: String
        if rest.take(UInt8(ascii: "@")) {
            name = ""
        } else if let quoted = Self.closedText(&rest) {
            name = String(decoding: quoted, as: UTF8.self)
        } else {
            return note("has a name whose quotation mark is not closed")
        }
        rest = Self.trimmed(rest)
        guard rest.take(UInt8(ascii: "=")) else { return note("has no = behind the name of the value") }
        rest = Self.trimmed(rest)
        if rest.elementsEqual("-".utf8) {
            set(name, nil, in: key)
        } else if let data = readData(rest) {
            set(name, data, in: key)
        } else {
            note("has data that can't be read")
        }
    }

    private mutating func set(_ name: String, _ data: RegistryData?, in key: Int) {
        let lowercased = name.lowercased()
        if let index = valueIndexes[key][lowercased] {
            export.keys[key].values[index].data = data
        } else if export.keys[key].values.count < RegistryExport.maximumValues {
            valueIndexes[key][lowercased] = export.keys[key].values.count
            export.keys[key].values.append(RegistryExport.Value(name: name, data: data))
        } else {
            note("is one value too many: \(RegistryExport.maximumValues) of a key are read", mayBeCut: false)
        }
    }

    private mutating func readData(_ line: ArraySlice<UInt8>) -> RegistryData? {
        var rest = line
        if rest.first == UInt8(ascii: "\"") { return takeText(rest).map { .string($0) } }
        if rest.hasPrefixIgnoringASCIICase("dword:") {
            let digits = rest.dropFirst("dword:".utf8.count)
            return Self.hexNumber(digits, maximumDigits: 8).map { .dword($0) }
        }
        guard rest.hasPrefixIgnoringASCIICase("hex") else { return nil }
        rest = rest.dropFirst("hex".utf8.count)
        var type: UInt32 = 3
        if rest.take(UInt8(ascii: "(")) {
            let digits = rest.prefix { $0 != UInt8(ascii: ")") }
            guard let number = Self.hexNumber(digits, maximumDigits: 8) else { return nil }
            type = number
            rest = rest.dropFirst(digits.count + 1)
        }
        guard rest.take(UInt8(ascii: ":")), let bytes = takeBytes(rest) else { return nil }
        // Windows keeps strings with a NUL. One that lacks it is told at the end alone, where it may be what is cut off.
        if type == 1 || type == 2, !endsInNUL(bytes), lines.isAtEnd { return nil }
        return data(ofType: Int(type), bytes)
    }

    private func endsInNUL(_ bytes: [UInt8]) -> Bool {
        isVersion5 ? bytes.count.isMultiple(of: 2) && bytes.suffix(2) == [0, 0] : bytes.last == 0
    }

    private func data(ofType type: Int, _ bytes: [UInt8]) -> RegistryData {
        switch type {
        case 1: return .string(text(of: bytes))
        case 2: return .expandableString(text(of: bytes))
        case 4 where bytes.count == 4: return .dword(bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
        default: return .other(type: type, byteCount: bytes.count)
        }
    }

    /// A string as the registry keeps it, without the NULs that end it.
    private func text(of bytes: [UInt8]) -> String {
        var text: String
        if isVersion5 {
            let units = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0 + 1]) << 8 | UInt16(bytes[$0]) }
            text = String(decoding: units, as: UTF16.self)
        } else {
            text = String(decoding: bytes, as: UTF8.self)
        }
        while text.unicodeScalars.last == "\0" { text.unicodeScalars.removeLast() }
        return text
    }

    // MARK: Parts

    /// Only white space and a comment may follow data.
    private static func isEnd(_ rest: ArraySlice<UInt8>) -> Bool {
        let rest = trimmed(rest)
        return rest.isEmpty || rest.first == UInt8(ascii: ";")
    }

    private static func hexNumber(_ digits: ArraySlice<UInt8>, maximumDigits: Int) -> UInt32? {
        let digits = trimmed(digits)
        guard (1...maximumDigits).contains(digits.count) else { return nil }
        var number: UInt32 = 0
        for digit in digits {
            guard let value = digit.hexValue else { return nil }
            number = number << 4 | UInt32(value)
        }
        return number
    }

    /// A text in quotes and nothing behind it. It may go on over lines.
    ///
    /// - Returns: nil when it is not closed; then the lines behind this one are still to come, unless there are none that close it.
    private mutating func takeText(_ first: ArraySlice<UInt8>) -> String? {
        var whole = Array(first)
        var ahead = lines
        // Looking ahead costs; a file in which nothing fits does not get it over and over.
        let most = export.problems.count < RegistryExport.maximumProblems ? RegistryExport.maximumTextLines : 1
        for _ in 0..<most {
            var rest = whole[...]
            if let text = Self.closedText(&rest) {
                guard Self.isEnd(rest) else { return nil }
                lines = ahead
                return String(decoding: text, as: UTF8.self)
            }
            guard whole.count <= RegistryExport.maximumValueBytes else { return nil }
            guard let next = ahead.next() else {
                export.cutLine = lines.number
                return nil
            }
            whole += "\r\n".utf8 + next
        }
        return nil
    }

    /// What stands in quotes, in which a backslash stands before backslashes and quotation marks; takes it off the front.
    private static func closedText(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var text: [UInt8] = []
        var scan = rest.dropFirst()
        while let byte = scan.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                rest = scan
                return text
            case UInt8(ascii: "\\"):
                guard let escaped = scan.popFirst() else { return nil }
                text.append(escaped)
            default: text.append(byte)
            }
        }
        return nil
    }

    /// Pairs of digits between commas; a backslash at the end of a line says that the next one goes on.
    private mutating func takeBytes(_ first: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var line = Self.trimmed(first)
        while true {
            let isContinued = line.last == UInt8(ascii: "\\")
            for piece in (isContinued ? line.dropLast() : line).split(separator: UInt8(ascii: ",")) {
                if Self.trimmed(piece).isEmpty { continue }
                guard let value = Self.hexNumber(piece, maximumDigits: 2) else { return nil }
                bytes.append(UInt8(value))
            }
            guard bytes.count <= RegistryExport.maximumValueBytes else { return nil }
            // Behind a comma another pair is to come.
            guard isContinued || line.last != UInt8(ascii: ",") || !lines.isAtEnd else { return nil }
            guard isContinued else { return bytes }
            guard let next = lines.next() else { return nil }
            line = Self.trimmed(next[...])
            if line.isEmpty { return nil }
        }
    }
}
