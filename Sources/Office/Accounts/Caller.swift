/// Who reads or changes something, as the access log names them.
package struct Caller: Equatable, Sendable {
    /// The user's name, the token's, or that of the command's user.
    package let name: String
    package let way: AccessEntry.Way
    /// The client's address; empty for the command line.
    package let address: String
    /// The user in whose right it is done: of a token, whoever made it, or made the one that made it. nil for the command line.
    package let user: Int64?

    package init(name: String, way: AccessEntry.Way, address: String, user: Int64? = nil) {
        self.name = name
        self.way = way
        self.address = address
        self.user = user
    }
}
