/// Why no notices can be sent with what the operator gave: what is wrong, and what to do, on one line.
package struct NoticeFault: Error, Equatable, CustomStringConvertible, Sendable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}
