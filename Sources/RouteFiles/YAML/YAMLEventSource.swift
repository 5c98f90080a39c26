internal import CYaml

/// One step through a YAML text, in Swift's own types.
struct YAMLEvent {
    enum Kind {
        case documentStart
        case scalar(String, isPlain: Bool)
        case sequenceStart
        case mappingStart
        case alias(String)
        /// The end of a sequence, a mapping, the document or the stream; also the stream's start, which means nothing.
        case end
    }

    let position: TextPosition
    let kind: Kind
    let anchor: String?
}

/// libyaml's parser and the bytes it reads.
final class YAMLEventSource {
    let input: UnsafeMutableBufferPointer<UInt8>
    let parser: UnsafeMutablePointer<yaml_parser_t>

    /// - Parameter text: UTF-8 without a byte order mark.
    init(_ text: [UInt8]) {
        input = .allocate(capacity: text.count)
        _ = input.initialize(from: text)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        yaml_parser_initialize(parser)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    func next() throws(YAMLMistake) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw mistake() }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(position: TextPosition(event.start_mark), kind: kind(of: event), anchor: anchor(of: event))
    }

    private func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_SEQUENCE_START_EVENT: .sequenceStart
        case YAML_MAPPING_START_EVENT: .mappingStart
        case YAML_ALIAS_EVENT: .alias(String(bytes: event.data.alias.anchor))
        case YAML_SCALAR_EVENT:
            .scalar(
                String(
                    decoding: UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length),
                    as: UTF8.self
                ),
                isPlain: event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE
            )
        default: .end
        }
    }

    private func anchor(of event: yaml_event_t) -> String? {
        let anchor =
            switch event.type {
            case YAML_SCALAR_EVENT: event.data.scalar.anchor
            case YAML_SEQUENCE_START_EVENT: event.data.sequence_start.anchor
            case YAML_MAPPING_START_EVENT: event.data.mapping_start.anchor
            default: nil as UnsafeMutablePointer<yaml_char_t>?
            }
        return anchor.map(String.init(bytes:))
    }
}

extension TextPosition {
    init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}

extension String {
    /// The text at a pointer that libyaml ends with a zero byte.
    fileprivate init(bytes: UnsafeMutablePointer<yaml_char_t>) {
        self = String(decodingCString: bytes, as: UTF8.self)
    }
}
