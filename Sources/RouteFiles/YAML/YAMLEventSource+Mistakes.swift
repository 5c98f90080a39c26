internal import CYaml

extension YAMLEventSource {
    /// What libyaml found wrong, in a sentence that also says what to do about it.
    func mistake() -> YAMLMistake {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "cannot be read"
        guard parser.pointee.error != YAML_READER_ERROR else {
            return YAMLMistake(
                position: position(ofOffset: parser.pointee.problem_offset),
                message: "not YAML: \(problem), expected text without control characters"
            )
        }
        let position = TextPosition(parser.pointee.problem_mark)
        return YAMLMistake(
            position: position,
            message: "not YAML: \(context)\(problem), expected \(expectation(at: parser.pointee.problem_mark))")
    }

    /// `while parsing a flow sequence (from 3:10): `
    private var context: String {
        guard let context = parser.pointee.context else { return "" }
        let position = TextPosition(parser.pointee.context_mark)
        return "\(String(cString: context)) (from \(position)): "
    }

    private func expectation(at mark: yaml_mark_t) -> String {
        let line = lineOfText(Int(mark.line))
        if line.prefix(while: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }).contains(UInt8(ascii: "\t")) {
            return "spaces, not tabs, before the first key of a line"
        }
        if line.contains(UInt8(ascii: "{")) {
            return "quotes around a path that has a template: \"/p/{partner}\""
        }
        if line.contains(UInt8(ascii: ":")) {
            return "one \"key: value\" per line, keys of one mapping equally far in, and quotes around a text with \": \" in it"
        }
        return "\"key: value\" lines, with quotes around a text that has any of :#[]{},&*!|>%@ in it"
    }

    private func lineOfText(_ number: Int) -> [UInt8] {
        let lines = input.split(
            separator: UInt8(ascii: "\n"), maxSplits: number + 1, omittingEmptySubsequences: false)
        return number < lines.count ? Array(lines[number]) : []
    }

    private func position(ofOffset offset: Int) -> TextPosition {
        TextPosition(after: input.prefix(offset))
    }
}

extension TextPosition {
    /// Where the byte stands that follows `bytes` (UTF-8).
    init(after bytes: some Collection<UInt8>) {
        var line = 1
        var column = 1
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column)
    }
}
