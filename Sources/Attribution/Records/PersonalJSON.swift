/// A record's personal fields as they are stored, encoded once, at the decision; and what a visitor is recognised by.
package struct PersonalJSON: Sendable {
    /// The canonical JSON up to where `visitor`, its last member, belongs; perhaps with the user agent's text behind it.
    private let bytes: [UInt8]
    private let jsonEnd: Int
    private let userAgent: Range<Int>
    /// The network of the visitor's address (``VisitorAddress/network``); nil when the address is not known.
    package let network: [UInt8]?

    init(_ writer: PersonalWriter, network: [UInt8]?) {
        (bytes, jsonEnd, userAgent) = writer.finished()
        self.network = network
    }

    /// The user agent as recorded, without JSON's escapes; empty without one.
    package var userAgentText: ArraySlice<UInt8> { bytes[userAgent] }

    /// Appends the whole object.
    ///
    /// - Parameter visitor: in hexadecimal; nil leaves the field out.
    func append(visitor: String?, to json: inout [UInt8]) {
        let start = json.count
        json.append(bytes.span.extracting(..<jsonEnd))
        if let visitor {
            json.append(#","visitor":"#)
            json.appendJSONString(visitor)
        }
        // The comma of the first member, whichever that is.
        if json.count > start { json[start] = UInt8(ascii: "{") } else { json.append(UInt8(ascii: "{")) }
        json.append(UInt8(ascii: "}"))
    }
}

/// Writes the members of a ``PersonalJSON``. They must be appended in the order of their names.
struct PersonalWriter {
    enum Texts {
        /// As the visitor sent them: they are yet to become personal text.
        case received
        /// Personal text already.
        case recorded
    }

    private let texts: Texts
    private var json: [UInt8] = []
    private var hasDropped = false
    private var userAgent = 0..<0
    /// The user agent as recorded, where its form in JSON may be another.
    private var recordedUserAgent: [UInt8] = []

    init(texts: Texts, capacity: Int = 0) {
        self.texts = texts
        json.reserveCapacity(capacity)
    }

    /// One name after the other, before all else.
    mutating func appendDropped(_ name: Span<UInt8>) {
        if hasDropped {
            json[json.count - 1] = UInt8(ascii: ",")
        } else {
            json.append(#","dropped":["#)
        }
        hasDropped = true
        appendText(name)
        json.append(UInt8(ascii: "]"))
    }

    mutating func appendIP(_ address: VisitorAddress?) {
        guard let recorded = address?.recorded else { return }
        json.append(#","ip":"#)
        json.appendJSONString(recorded)
    }

    mutating func appendLocation(_ location: Span<UInt8>) {
        json.append(#","location":"#)
        json.appendJSONString(location)
    }

    mutating func appendPartnerRaw(_ raw: Span<UInt8>) {
        json.append(#","partner_raw":"#)
        appendText(raw)
    }

    mutating func appendReferrerHost(_ host: Span<UInt8>) {
        json.append(#","referrer_host":"#)
        appendText(host)
    }

    mutating func appendUserAgent(_ agent: Span<UInt8>) {
        json.append(#","user_agent":"#)
        let start = json.count + 1
        let isPlain = appendText(agent)
        userAgent = start..<json.count - 1
        guard !isPlain else { return }
        recordedUserAgent = texts == .received ? PersonalText.bytes(agent) : agent.withUnsafeBufferPointer { Array($0) }
    }

    /// - Returns: whether the text was written as it is.
    @discardableResult
    private mutating func appendText(_ text: Span<UInt8>) -> Bool {
        if PersonalText.isPlain(text) {
            json.append(addingCapacity: text.count + 2) { $0.appendJSONString(text, needsEscapes: false) }
            return true
        }
        if texts == .received {
            json.appendJSONString(PersonalText.bytes(text).span)
        } else {
            json.appendJSONString(text)
        }
        return false
    }

    /// All bytes, the end of the JSON in them, and where the user agent's text is.
    consuming func finished() -> (bytes: [UInt8], jsonEnd: Int, userAgent: Range<Int>) {
        guard !recordedUserAgent.isEmpty else { return (json, json.count, userAgent) }
        return (json + recordedUserAgent, json.count, json.count..<json.count + recordedUserAgent.count)
    }
}
