extension RecordDraft {
    /// What every leaf of this form begins with: `"v":1`.
    package static let leafVersion = 1

    /// Appends the personal fields as canonical JSON (RFC 8785), absent ones left out: what `personal` in the leaf is the salted
    /// hash of.
    package func appendPersonalJSON(visitor: String?, to json: inout [UInt8]) {
        var writer = CanonicalJSONWriter(appendingTo: consume json)
        writer.list("dropped", personal.dropped)
        writer.text("ip", personal.address?.recorded)
        writer.text("location", personal.location)
        writer.text("partner_raw", personal.partnerRaw)
        writer.text("referrer_host", personal.referrerHost)
        writer.text("user_agent", personal.userAgent)
        writer.text("visitor", visitor)
        writer.finish()
        json = writer.bytes
    }

    /// Appends the leaf as canonical JSON (RFC 8785): every field that is not personal, by sorted name.
    ///
    /// - Parameter personal: SHA-256 of salt and personal JSON, 32 bytes.
    package func appendLeafJSON(_ completion: RecordCompletion, personal: some Sequence<UInt8>, to json: inout [UInt8]) {
        var writer = CanonicalJSONWriter(appendingTo: consume json)
        writer.text("action", route.endpoint?.action.rawValue)
        writer.text("campaign", campaign)
        writer.list("claimed", claimed.map(\.description))
        writer.text("client", client.rawValue)
        writer.text("client_os", clientOS?.rawValue)
        writer.text("country", country?.code)
        writer.text("culture", culture?.tag)
        writer.text("destination_host", route.destination.host)
        writer.number("directory_version", directoryVersion)
        writer.text("edition", route.endpoint?.edition.rawValue)
        writer.text("host", host)
        writer.text("kind", "signup")
        writer.text("method", method.rawValue)
        writer.text("node", completion.node)
        writer.text("origin", route.origin)
        writer.text("outcome", outcome.rawValue)
        writer.text("partner", partner?.description)
        writer.plain("personal") { $0.appendHex(personal) }
        writer.text("reason", reason?.rawValue)
        writer.plain("receipt") { receipt.appendText(to: &$0) }
        writer.number("repeat", completion.isRepeat ? 1 : 0)
        writer.text("route", route.name)
        writer.text("route_version", route.version)
        writer.text("scheme", scheme.rawValue)
        writer.number("seq", Int(completion.sequence))
        writer.number("status", status)
        writer.number("test", isTest ? 1 : 0)
        writer.plain("time") { time.appendRFC3339(to: &$0) }
        writer.text("tls_version", tlsVersion?.rawValue)
        writer.number("v", Self.leafVersion)
        writer.finish()
        json = writer.bytes
    }
}
