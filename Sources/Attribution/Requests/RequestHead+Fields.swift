extension RequestHead.Field {
    /// The field that a name means, ASCII case not regarded; nil for the fields that Porter passes over.
    package init?(name: Span<UInt8>) {
        // Most fields of a browser are none of ours: the length rules nearly all of them out before a byte is compared, and
        // leaves two candidates at most.
        let one: Self
        var other: Self?
        switch name.count {
        case 4: one = .host
        case 5: one = .xMoz
        case 6: one = .expect
        case 7: (one, other) = (.referer, .purpose)
        case 9: one = .xPurpose
        case 10: (one, other) = (.userAgent, .connection)
        case 11: (one, other) = (.secPurpose, .porterTest)
        case 12: one = .contentType
        case 14: one = .contentLength
        case 15: (one, other) = (.acceptLanguage, .xForwardedFor)
        case 17: (one, other) = (.transferEncoding, .xForwardedProto)
        default: return nil
        }
        if name.isEqual(toLowercase: one.name) {
            self = one
        } else if let other, name.isEqual(toLowercase: other.name) {
            self = other
        } else {
            return nil
        }
    }

    package init?(name: [UInt8]) {
        self.init(name: name.span)
    }

    /// In lower case.
    package var name: StaticString {
        switch self {
        case .host: "host"
        case .acceptLanguage: "accept-language"
        case .userAgent: "user-agent"
        case .referer: "referer"
        case .contentType: "content-type"
        case .secPurpose: "sec-purpose"
        case .purpose: "purpose"
        case .xPurpose: "x-purpose"
        case .xMoz: "x-moz"
        case .porterTest: "porter-test"
        case .contentLength: "content-length"
        case .transferEncoding: "transfer-encoding"
        case .connection: "connection"
        case .expect: "expect"
        case .xForwardedFor: "x-forwarded-for"
        case .xForwardedProto: "x-forwarded-proto"
        }
    }

    /// Whether several fields of this name are one list (RFC 9110, section 5.3). Of the others the first counts.
    var isList: Bool {
        switch self {
        case .acceptLanguage, .secPurpose, .purpose, .xPurpose, .xMoz, .transferEncoding, .connection, .expect,
            .xForwardedFor, .contentLength:
            true
        default: false
        }
    }
}

extension RequestHead {
    /// Notes a field whose name and value lie in ``bytes``. White space around the value must have been left out.
    package mutating func addField(name: Range<Int>, value: Range<Int>) {
        fieldCount += 1
        fieldBytes += name.count + value.count
        if target.count + fieldBytes > RequestLimits.headBytes { isTooLarge = true }
        guard let field = Field(name: bytes.span.extracting(name)) else { return }
        if field == .host { hostCount += 1 }
        guard let earlier = range(of: field) else {
            locate(field, at: value)
            return
        }
        guard field.isList else { return }
        // The joined list goes behind the head's bytes. Joining copies, and two lists sent in turns would copy each other's
        // growth over and over: the copies are bounded.
        guard bytes.count + earlier.count + value.count < 3 * RequestLimits.headBytes else {
            isTooLarge = true
            return
        }
        let start = bytes.count
        bytes += bytes[earlier]
        bytes += [UInt8(ascii: ","), UInt8(ascii: " ")]
        bytes += bytes[value]
        locate(field, at: start..<bytes.count)
    }

    /// Appends a field that does not lie in ``bytes`` yet: HTTP/2 and `porter explain` have them apart.
    package mutating func appendField(name: some Collection<UInt8>, value: some Collection<UInt8>) {
        let start = bytes.count
        bytes += name
        let middle = bytes.count
        bytes += value
        addField(name: start..<middle, value: middle..<bytes.count)
    }
}
