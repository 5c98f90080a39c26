/// Why a kit can't be made, or a file can't be read: what is wrong, and what to do, on one line.
package struct KitFault: Error, Equatable, CustomStringConvertible, Sendable {
    package let message: String

    init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}
