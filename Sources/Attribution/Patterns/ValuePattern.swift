/// A regular expression that a whole value must match.
package struct ValuePattern: Sendable {
    package let source: String

    package init(_ source: String) throws {
        self.source = source
    }

    package func matches(_ value: String) -> Bool { fatalError("being written") }
}
