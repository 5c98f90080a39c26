/// All that a decision knows of a request: what was sent, and over which connection.
package struct SignupRequest: Sendable {
    /// The methods that sign-ups may use.
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
    }

    /// How the client reached us, or a trusted proxy.
    package enum Scheme: String, Sendable {
        case http
        case https
    }

    /// The negotiated protocol version.
    package enum TLSVersion: String, CaseIterable, Sendable {
        case tls10 = "1.0"
        case tls11 = "1.1"
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    /// What was sent before the body.
    package var head: RequestHead
    /// The whole body, of whatever type; nil when none was sent. Whether it is a form, the decision reads from Content-Type.
    package var body: [UInt8]?
    /// Of the connection, or as a trusted proxy says.
    package var scheme: Scheme
    /// nil over plain HTTP.
    package var tlsVersion: TLSVersion?
    /// Who sent it, as far as known.
    package var visitor: VisitorAddress?

    package init(
        head: RequestHead,
        body: [UInt8]? = nil,
        scheme: Scheme,
        tlsVersion: TLSVersion? = nil,
        visitor: VisitorAddress? = nil
    ) {
        self.head = head
        self.body = body
        self.scheme = scheme
        self.tlsVersion = tlsVersion
        self.visitor = visitor
    }
}

/// The visitor's IP address in the two forms that a record needs; made once per connection.
package struct VisitorAddress: Hashable, Sendable {
    /// The network the address is in, /24 or /48, as 16 bytes (IPv4 as IPv4-mapped): what the visitor hash is made of.
    package let network: [UInt8]
    /// The text of the record's field `ip`; nil when the operator records none.
    package let recorded: String?

    package init(network: [UInt8], recorded: String?) {
        self.network = network
        self.recorded = recorded
    }
}
