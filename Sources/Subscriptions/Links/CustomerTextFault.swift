/// Why customers' pages can't be made of what the public folder holds: what is wrong, and what to do, on one line.
package struct CustomerTextFault: Error, Equatable, CustomStringConvertible, Sendable {
    package let message: String

    init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}
