extension SignupJudgement {
    /// Room for the values of a redirect's parameters; more than most need.
    private static let usualValueBytes = 128

    /// The URL, the parameters that have a value, in order, and the fragment.
    var location: Location {
        let template = signup.route.location
        var bytes: [UInt8] = []
        bytes.reserveCapacity(template.length + Self.usualValueBytes)
        bytes.append(contentsOf: template.url)
        for parameter in template.parameters {
            let start = bytes.count
            bytes.append(contentsOf: parameter.name)
            if !appendValue(of: parameter, to: &bytes) { bytes.removeLast(bytes.count - start) }
        }
        // The ampersand of the first parameter, whichever that is.
        if bytes.count > template.url.count { bytes[template.url.count] = UInt8(ascii: "?") }
        bytes.append(contentsOf: template.fragment)
        return Location(bytes)
    }

    /// - Returns: whether there is a value, perhaps the default one.
    private func appendValue(of parameter: LocationTemplate.Parameter, to bytes: inout [UInt8]) -> Bool {
        if let source = parameter.source {
            let start = bytes.count
            append(source, letterCase: parameter.letterCase, to: &bytes)
            if bytes.count > start { return true }
        }
        guard let value = parameter.defaultValue else { return false }
        bytes.append(contentsOf: value)
        return true
    }

    /// Appends nothing when the request has no value.
    func append(
        _ source: LocationTemplate.Source, letterCase: OutgoingParameter.LetterCase?, to bytes: inout [UInt8]
    ) {
        switch source {
        case .partner:
            guard verdict.outcome == .attributed, let partner = verdict.partner else { return }
            bytes.appendDecimal(Int(partner.number))
        case .receipt:
            let start = bytes.count
            receipt.appendText(to: &bytes)
            if let letterCase { for index in start..<bytes.count { bytes[index] = letterCase.applied(to: bytes[index]) } }
        case .culture:
            guard let culture = values.culture else { return }
            bytes.appendPercentEncoded(culture.tagBytes.span, letterCase: letterCase)
        case .lcid:
            guard let culture = values.culture else { return }
            bytes.appendDecimal(culture.lcid)
        case .country:
            guard let (first, second) = values.country?.bytes else { return }
            bytes.append(letterCase?.applied(to: first) ?? first)
            bytes.append(letterCase?.applied(to: second) ?? second)
        case .campaign:
            guard let campaign = values.campaign else { return }
            bytes.appendPercentEncoded(parameters.bytes.span.extracting(campaign), letterCase: letterCase)
        case .query(let number, let filter, let maxLength):
            guard let range = parameters.value(of: number), range.count <= maxLength else { return }
            let value = parameters.bytes.span.extracting(range)
            if filter.accepts(value) { bytes.appendPercentEncoded(value, letterCase: letterCase) }
        }
    }
}

extension OutgoingParameter.Filter {
    /// Texts are compared byte for byte: Swift's `==` would take other spellings of one character for the same.
    ///
    /// - Parameter value: UTF-8.
    fileprivate func accepts(_ value: Span<UInt8>) -> Bool {
        switch self {
        case .pattern(let pattern):
            pattern.matches(value.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        case .oneOf(let values):
            values.contains { Array($0.utf8).span.isEqual(to: value) }
        }
    }
}

extension OutgoingParameter.LetterCase {
    /// ASCII letters only: other letters change differently from language to language.
    func applied(to byte: UInt8) -> UInt8 {
        self == .upper ? byte.asciiUppercased : byte.asciiLowercased
    }
}
