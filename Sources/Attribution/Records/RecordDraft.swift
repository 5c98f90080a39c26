/// A record as the decision makes it. The ledger completes it with ``RecordCompletion``.
package struct RecordDraft: Sendable {
    /// The record's public ID, sent to the provider.
    package var receipt: Receipt
    /// When the request's head was complete.
    package var time: Timestamp
    /// The route that judged, with its version.
    package var route: Route
    package var campaign: String?
    package var outcome: Outcome
    package var reason: Reason?
    /// For attributed, unknown, suspended, expired and unsigned.
    package var partner: PartnerID?
    /// Whether ``partner`` is in the directory: counters are kept for directory IDs only.
    package var partnerIsListed: Bool
    /// The four smallest of the distinct well-formed IDs that were sent, ascending.
    package var claimed: [PartnerID]
    package var client: ClientKind
    package var clientOS: ClientOS?
    package var method: SignupRequest.Method
    package var status: Int
    package var culture: Culture?
    package var country: Country?
    /// Only one of the route's or the operator's host names.
    package var host: String?
    package var scheme: SignupRequest.Scheme
    package var tlsVersion: SignupRequest.TLSVersion?
    package var isTest: Bool
    package var directoryVersion: Int
    /// nil on routes that look for none.
    package var signature: LinkSignature?
    package var personal: PersonalJSON

    /// How many of the claimed IDs are kept: more than any honest request has.
    package static let maximumClaimed = 4
}

/// What the ledger adds to a draft when it gives it a place.
package struct RecordCompletion: Sendable {
    /// The place in the node's ledger, from 1 without gaps.
    package var sequence: Int64
    package var node: String
    /// The visitor's keyed hash, in hexadecimal.
    package var visitor: String?
    package var isRepeat: Bool

    package init(sequence: Int64, node: String, visitor: String?, isRepeat: Bool) {
        self.sequence = sequence
        self.node = node
        self.visitor = visitor
        self.isRepeat = isRepeat
    }
}

extension RecordDraft {
    /// A visit is a request that a person made for real: not HEAD, not a bot, a preview, a tool or a test.
    package var isVisit: Bool {
        method != .head && client.isPerson && !isTest
    }
}
