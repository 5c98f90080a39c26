import Office

/// Who makes a request.
struct Identity: Sendable {
    /// The user's name, the token's, or that of the command's user.
    let name: String
    let role: Role
    let way: AccessEntry.Way
    /// The client's address; empty for the control socket.
    let address: String
    /// The signed-in browser's, for its forms and for signing out.
    var session: Secret?
    var user: User?
    /// In whose right a token acts.
    var tokenOwner: Int64?

    /// As the access log names them.
    var caller: Caller { Caller(name: name, way: way, address: address, user: user?.id ?? tokenOwner) }
}
