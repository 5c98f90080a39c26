import Attribution
import Dispatch
import NIOConcurrencyHelpers
import Office

/// Where passwords are hashed and compared: one at a time, since each takes 32 MB and a tenth of a second.
package final class AccountsDesk: Sendable {
    private let office: Office
    private let now: @Sendable () -> Timestamp
    private let throttle = SignInThrottle()
    private let queue = DispatchQueue(label: "porter.accounts")
    private let waiting = NIOLockedValueBox(0)

    /// Passwords that wait for their turn, some seconds' worth: more would keep everybody from signing in, and the server from
    /// stopping.
    private let mostWaiting: Int
    private static let secondsUntilRoom = 2
    /// Nobody's name: users' have no brackets.
    static let unknownName = "(unknown)"

    init(office: Office, mostWaiting: Int = 32, now: @escaping @Sendable () -> Timestamp) {
        self.office = office
        self.mostWaiting = mostWaiting
        self.now = now
    }

    /// What came of an attempt to sign in.
    enum SignIn: Sendable {
        case session(Secret)
        case refused
        /// After failures the next attempt has to wait.
        case wait(seconds: Int)
    }

    /// - Parameters:
    ///   - address: the client's, for the access log.
    ///   - network: by which and by whose account failures are counted, as ``SignInThrottle`` says.
    func signIn(name: String, password: String, address: String, network: String?) async throws -> SignIn {
        try await run { [self] in
            switch try attempt(Caller(name: name, way: .session, address: address), network, password) {
            case .right(let user): .session(try office.beginSession(of: user, from: address, at: now()))
            case .wrong: .refused
            case .wait(let seconds): .wait(seconds: seconds)
            }
        }
    }

    /// What came of a name and a password.
    enum Attempt {
        case right(User)
        case wrong
        case wait(seconds: Int)
    }

    /// Called where one attempt follows the other: of many at once, only as many are tried as of one after the other.
    private func attempt(_ caller: Caller, _ network: String?, _ password: String) throws -> Attempt {
        let name = caller.name
        if let seconds = throttle.wait(account: name, network: network, at: now()) { return .wait(seconds: seconds) }
        guard let user = try verifiedUser(name, password) else {
            throttle.noteFailure(account: name, network: network, at: now())
            // A password that was typed into the field of the name must not stand in the log for years.
            let isKnown = try office.user(named: name) != nil
            let noted = isKnown ? caller : Caller(name: Self.unknownName, way: caller.way, address: caller.address)
            try office.noteAccess(by: noted, .signInFailed, "", at: now())
            return .wrong
        }
        throttle.noteSuccess(account: name)
        return .right(user)
    }

    /// The user of that name, if the password is theirs and they may sign in. Takes as long for a name that nobody has: who
    /// guesses names must not learn which exist.
    private func verifiedUser(_ name: String, _ password: String) throws -> User? {
        // Nobody has such a password, and so it is before anything is asked about the name.
        guard password.utf8.count <= PasswordRule.maximumBytes else { return nil }
        guard let known = try office.userForSignIn(named: name), !known.user.isDisabled else {
            PasswordHash.pretendToVerify(password)
            return nil
        }
        return known.password.verify(password) ? known.user : nil
    }

    /// - Throws: ``OfficeError`` `invalid-user` when name or password are not taken.
    func addUser(name: String, role: Role, password: String, by caller: Caller) async throws -> User {
        let time = now()
        return try await run { [office] in
            let name = try User.checkedName(name)
            try Self.require(password, of: name)
            return try office.addUser(name: name, role: role, password: try .make(of: password), by: caller, at: time)
        }
    }

    /// Changes a user in one step: all of it, or nothing when the user is not what the caller saw.
    ///
    /// - Parameters:
    ///   - tags: what the user's ``User/tag`` must be one of; nil: any.
    ///   - password: a new one; nil: the old one stays.
    /// - Throws: ``OfficeError``.
    func changeUser(
        _ name: String, onlyIf tags: Set<String>? = nil, password: String? = nil, by caller: Caller,
        _ change: @escaping @Sendable (inout User) -> Void
    ) async throws -> User {
        let time = now()
        return try await run { [office] in
            if let password { try Self.require(password, of: name) }
            let hash = try password.map { try PasswordHash.make(of: $0) }
            return try office.changeUser(name, onlyIf: tags, password: hash, by: caller, at: time, change)
        }
    }

    /// Sets a user's own password and ends all sessions of theirs.
    ///
    /// - Returns: what came of the current one: when it is wrong, it counts as a failure to sign in, and nothing is changed.
    /// - Throws: ``OfficeError`` `invalid-user` when the new one is not taken.
    func changeOwnPassword(
        from current: String, to password: String, by caller: Caller, network: String?
    ) async throws -> Attempt {
        try await run { [self] in
            let attempt = try attempt(caller, network, current)
            guard case .right(let user) = attempt else { return attempt }
            try Self.require(password, of: user.name)
            try office.setOwnPassword(try .make(of: password), by: caller, at: now())
            return attempt
        }
    }

    static func require(_ password: String, of name: String) throws {
        if let fault = PasswordRule.fault(of: password, userName: name) {
            throw OfficeError(
                .invalidUser, "the password is not taken: \(fault.text); choose another, such as four words that nobody guesses",
                fault.mistake)
        }
    }

    /// - Throws: ``Problem`` 429 when too many wait.
    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let hasRoom = waiting.withLockedValue { waiting in
            guard waiting < mostWaiting else { return false }
            waiting += 1
            return true
        }
        guard hasRoom else {
            throw Problem.tooManyRequests(
                "too many passwords are being looked at; try again in \(Self.secondsUntilRoom) s",
                retryAfter: Self.secondsUntilRoom)
        }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [waiting] in
                let result = Result { try work() }
                waiting.withLockedValue { $0 -= 1 }
                continuation.resume(with: result)
            }
        }
    }
}
