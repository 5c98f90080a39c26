/// A file of a kit.
package struct KitFile: Equatable, Sendable {
    /// To save it under: ASCII letters, digits, dots and hyphens.
    package let name: String
    /// For `Content-Type`.
    package let mediaType: String
    package let bytes: [UInt8]
}
