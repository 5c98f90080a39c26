/// Where a redirect sends the customer: one valid ASCII URI.
package struct Location: Sendable, Equatable {
    /// As the header field `Location` holds it.
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ text: String) {
        bytes = Array(text.utf8)
    }
}

extension Location: CustomStringConvertible {
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
