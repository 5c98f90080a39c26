/// The fields that can be erased, one by one, for people and tests: records are made without them, see ``PersonalJSON``. Texts
/// are personal text (``PersonalText``), so that they are ASCII and on one line.
package struct PersonalFields: Sendable {
    package var location: String?
    package var referrerHost: String?
    package var partnerRaw: String?
    package var address: VisitorAddress?
    package var userAgent: String?
    package var dropped: [String] = []

    /// How many names of dropped parameters are kept, and how many bytes of each.
    package static let maximumDropped = 32
    package static let maximumDroppedNameBytes = 64

    package init() {}
}

extension PersonalJSON {
    package init(_ fields: PersonalFields) {
        var writer = PersonalWriter(texts: .recorded)
        for name in fields.dropped { writer.appendDropped(Array(name.utf8).span) }
        writer.appendIP(fields.address)
        if let location = fields.location { writer.appendLocation(Array(location.utf8).span) }
        if let raw = fields.partnerRaw { writer.appendPartnerRaw(Array(raw.utf8).span) }
        if let host = fields.referrerHost { writer.appendReferrerHost(Array(host.utf8).span) }
        if let agent = fields.userAgent { writer.appendUserAgent(Array(agent.utf8).span) }
        self.init(writer, network: fields.address?.network)
    }

    /// Reads the fields out of the JSON, and writes all of it anew: not for the hot path.
    package var fields: PersonalFields {
        get {
            var json: [UInt8] = []
            append(visitor: nil, to: &json)
            let record = Record(leaf: Array("{}".utf8), personal: json) ?? Record()
            var fields = PersonalFields()
            fields.location = record.text(.location)
            fields.referrerHost = record.text(.referrerHost)
            fields.partnerRaw = record.text(.partnerRaw)
            fields.address = network.map { VisitorAddress(network: $0, recorded: record.text(.ip)) }
            fields.userAgent = record.text(.userAgent)
            fields.dropped = record.list(.dropped) ?? []
            return fields
        }
        set { self = PersonalJSON(newValue) }
    }
}
