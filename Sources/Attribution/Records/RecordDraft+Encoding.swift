extension RecordDraft {
    /// What every leaf of this form ends with: `"v":1`.
    package static let leafVersion = 1

    /// Appends the personal fields as canonical JSON (RFC 8785), absent ones left out: what `personal` in the leaf is the salted
    /// hash of.
    package func appendPersonalJSON(visitor: String?, to json: inout [UInt8]) {
        personal.append(visitor: visitor, to: &json)
    }

    /// Appends the leaf as canonical JSON (RFC 8785): every field that is not personal, by sorted name.
    ///
    /// - Parameter personal: SHA-256 of salt and personal JSON, 32 bytes.
    package func appendLeafJSON(_ completion: RecordCompletion, personal: UnsafeRawBufferPointer, to json: inout [UInt8]) {
        let start = json.count
        json.append(addingCapacity: leafCapacity(completion, hashBytes: personal.count)) { leaf in
            appendWhatWasAsked(to: &leaf)
            leaf.append(#","node":"#)
            leaf.appendJSONString(completion.node)
            appendWhatBecameOfIt(personal: personal, to: &leaf)
            leaf.append(completion.isRepeat ? #","repeat":1"# : #","repeat":0"#)
            leaf.append(route.leaf.route)
            leaf.appendMember(#","scheme":""#, word: scheme.rawValue)
            leaf.append(#","seq":"#)
            leaf.appendDecimal(Int(completion.sequence))
            appendHowItWasAnswered(to: &leaf)
            leaf.append(UInt8(ascii: "}"))
        }
        // The comma of the first member, whichever that is.
        json[start] = UInt8(ascii: "{")
    }

    /// More than all keys, numbers, words of closed sets, receipt and time of a leaf take together, which is half of it.
    private static let leafFrameBytes = 1_024

    private func leafCapacity(_ completion: RecordCompletion, hashBytes: Int) -> Int {
        let texts = completion.node.utf8.count + (campaign?.utf8.count ?? 0) + (host?.utf8.count ?? 0)
        let digits = claimed.count * (PartnerID.maximumDigits + 3) + 2 * hashBytes
        return Self.leafFrameBytes + route.leaf.length + 6 * texts + digits
    }

    private func appendWhatWasAsked(to leaf: inout OutputSpan<UInt8>) {
        leaf.append(route.leaf.action)
        if let campaign {
            leaf.append(#","campaign":"#)
            leaf.appendJSONString(campaign)
        }
        appendClaimed(to: &leaf)
        leaf.appendMember(#","client":""#, word: client.rawValue)
        if let clientOS { leaf.appendMember(#","client_os":""#, word: clientOS.rawValue) }
        if let country { leaf.appendMember(#","country":""#, word: country.code) }
        if let culture { leaf.appendMember(#","culture":""#, word: culture.tag) }
        leaf.append(route.leaf.destinationHost)
        leaf.appendDecimal(directoryVersion)
        leaf.append(route.leaf.edition)
        if let host {
            leaf.append(#","host":"#)
            leaf.appendJSONString(host)
        }
        leaf.appendMember(#","kind":"signup","method":""#, word: method.rawValue)
    }

    private func appendClaimed(to leaf: inout OutputSpan<UInt8>) {
        guard !claimed.isEmpty else { return }
        leaf.append(#","claimed":"#)
        var separator: StaticString = #"[""#
        for id in claimed {
            leaf.append(separator)
            leaf.appendDecimal(Int(id.number))
            separator = #"",""#
        }
        leaf.append(#""]"#)
    }

    private func appendWhatBecameOfIt(personal: UnsafeRawBufferPointer, to leaf: inout OutputSpan<UInt8>) {
        leaf.append(route.leaf.origin)
        leaf.appendMember(#","outcome":""#, word: outcome.rawValue)
        if let partner {
            leaf.append(#","partner":""#)
            leaf.appendDecimal(Int(partner.number))
            leaf.append(UInt8(ascii: "\""))
        }
        leaf.append(#","personal":""#)
        leaf.appendHex(personal)
        leaf.append(UInt8(ascii: "\""))
        if let reason { leaf.appendMember(#","reason":""#, word: reason.rawValue) }
        leaf.append(#","receipt":""#)
        receipt.appendText(to: &leaf)
        leaf.append(UInt8(ascii: "\""))
    }

    private func appendHowItWasAnswered(to leaf: inout OutputSpan<UInt8>) {
        if let signature { leaf.appendMember(#","signature":""#, word: signature.rawValue) }
        leaf.append(#","status":"#)
        leaf.appendDecimal(status)
        leaf.append(isTest ? #","test":1,"time":""# : #","test":0,"time":""#)
        time.appendRFC3339(to: &leaf)
        leaf.append(UInt8(ascii: "\""))
        if let tlsVersion { leaf.appendMember(#","tls_version":""#, word: tlsVersion.rawValue) }
        leaf.append(#","v":"#)
        leaf.appendDecimal(Self.leafVersion)
    }

    /// The same with the hash in an array.
    package func appendLeafJSON(_ completion: RecordCompletion, personal: [UInt8], to json: inout [UInt8]) {
        personal.withUnsafeBytes { appendLeafJSON(completion, personal: $0, to: &json) }
    }
}
