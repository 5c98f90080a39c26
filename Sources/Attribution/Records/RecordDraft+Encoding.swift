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
        let parts = route.leaf
        json.append(parts.action.span)
        if let campaign {
            json.append(#","campaign":"#)
            json.appendJSONString(campaign)
        }
        appendClaimed(to: &json)
        json.appendMember(#","client":""#, word: client.rawValue)
        if let clientOS { json.appendMember(#","client_os":""#, word: clientOS.rawValue) }
        if let country { json.appendMember(#","country":""#, word: country.code) }
        if let culture { json.appendMember(#","culture":""#, word: culture.tag) }
        json.append(parts.destinationHost.span)
        json.appendDecimal(directoryVersion)
        json.append(parts.edition.span)
        if let host {
            json.append(#","host":"#)
            json.appendJSONString(host)
        }
        json.appendMember(#","kind":"signup","method":""#, word: method.rawValue)
        json.append(#","node":"#)
        json.appendJSONString(completion.node)
        json.append(parts.origin.span)
        json.appendMember(#","outcome":""#, word: outcome.rawValue)
        if let partner {
            json.append(#","partner":""#)
            json.appendDecimal(Int(partner.number))
            json.append(UInt8(ascii: "\""))
        }
        json.append(#","personal":""#)
        json.appendHex(personal)
        json.append(UInt8(ascii: "\""))
        if let reason { json.appendMember(#","reason":""#, word: reason.rawValue) }
        json.append(#","receipt":""#)
        receipt.appendText(to: &json)
        json.append(completion.isRepeat ? #"","repeat":1"# : #"","repeat":0"#)
        json.append(parts.route.span)
        json.appendMember(#","scheme":""#, word: scheme.rawValue)
        json.append(#","seq":"#)
        json.appendDecimal(Int(completion.sequence))
        json.append(#","status":"#)
        json.appendDecimal(status)
        json.append(isTest ? #","test":1,"time":""# : #","test":0,"time":""#)
        time.appendRFC3339(to: &json)
        json.append(UInt8(ascii: "\""))
        if let tlsVersion { json.appendMember(#","tls_version":""#, word: tlsVersion.rawValue) }
        json.append(#","v":"#)
        json.appendDecimal(Self.leafVersion)
        json.append(UInt8(ascii: "}"))
        // The comma of the first member, whichever that is.
        json[start] = UInt8(ascii: "{")
    }

    /// The same with the hash in an array.
    package func appendLeafJSON(_ completion: RecordCompletion, personal: [UInt8], to json: inout [UInt8]) {
        personal.withUnsafeBytes { appendLeafJSON(completion, personal: $0, to: &json) }
    }

    private func appendClaimed(to json: inout [UInt8]) {
        guard !claimed.isEmpty else { return }
        json.append(#","claimed":"#)
        var separator: StaticString = #"[""#
        for id in claimed {
            json.append(separator)
            json.appendDecimal(Int(id.number))
            separator = #"",""#
        }
        json.append(#""]"#)
    }
}
