/// A route file as it was loaded: what a record's `route_version` refers to.
package struct RouteSource: Sendable {
    /// The route's name.
    package let name: String
    /// The first 16 hexadecimal digits of the SHA-256 of the file's bytes.
    package let version: String
    /// The whole file.
    package let text: String
    /// As the folder was given, joined with the file's name.
    package let file: String
}
