/// Who reads or changes something, as the access log names them.
package struct Caller: Equatable, Sendable {
    /// The user's name, the token's, or that of the command's user.
    package let name: String
    package let way: AccessEntry.Way
    /// The client's address; empty for the command line.
    package let address: String

    package init(name: String, way: AccessEntry.Way, address: String) {
        self.name = name
        self.way = way
        self.address = address
    }
}
