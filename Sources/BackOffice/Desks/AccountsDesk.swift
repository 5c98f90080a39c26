import Attribution
import Dispatch
import Office

/// Where passwords are hashed and compared: one at a time, since each takes 32 MB and a tenth of a second.
package final class AccountsDesk: Sendable {
    private let office: Office
    private let now: @Sendable () -> Timestamp
    private let throttle = SignInThrottle()
    private let queue = DispatchQueue(label: "porter.accounts")

    init(office: Office, now: @escaping @Sendable () -> Timestamp) {
        self.office = office
        self.now = now
    }

    /// What came of an attempt to sign in.
    enum SignIn: Sendable {
        case session(Secret, User)
        case refused
        /// After failures the next attempt has to wait.
        case wait(seconds: Int)
    }

    /// - Parameter address: the client's, by which and by whose account failures are counted.
    func signIn(name: String, password: String, address: String) async throws -> SignIn {
        // Judged where one attempt follows the other: of many at once, only as many are tried as of one after the other.
        try await run { [office, throttle, now] in
            if let seconds = throttle.wait(account: name, address: address, at: now()) { return .wait(seconds: seconds) }
            guard let known = try office.userForSignIn(named: name), !known.user.isDisabled else {
                PasswordHash.pretendToVerify(password)
                throttle.noteFailure(account: name, address: address, at: now())
                return .refused
            }
            guard password.utf8.count <= PasswordRule.maximumBytes, known.password.verify(password) else {
                throttle.noteFailure(account: name, address: address, at: now())
                return .refused
            }
            throttle.noteSuccess(account: name, address: address)
            return .session(try office.beginSession(of: known.user, at: now()), known.user)
        }
    }

    /// - Throws: ``OfficeError`` `invalid-user` when name or password are not taken.
    func addUser(name: String, role: Role, password: String) async throws -> User {
        let time = now()
        return try await run { [office] in
            let name = try User.checkedName(name)
            try Self.require(password, of: name)
            return try office.addUser(name: name, role: role, password: try .make(of: password), at: time)
        }
    }

    /// Changes a user in one step: all of it, or nothing when the user is not what the caller saw.
    ///
    /// - Parameters:
    ///   - tags: what the user's ``User/tag`` must be one of; nil: any.
    ///   - password: a new one; nil: the old one stays.
    /// - Throws: ``OfficeError``.
    func changeUser(
        _ name: String, onlyIf tags: Set<String>? = nil, password: String? = nil,
        _ change: @escaping @Sendable (inout User) -> Void
    ) async throws -> User {
        let time = now()
        return try await run { [office] in
            if let password { try Self.require(password, of: name) }
            let hash = try password.map { (hash: try PasswordHash.make(of: $0), time: time) }
            return try office.changeUser(name, onlyIf: tags, password: hash, change)
        }
    }

    /// Sets a password and ends all sessions of the user.
    ///
    /// - Throws: ``OfficeError``.
    func setPassword(of name: String, to password: String) async throws {
        let time = now()
        try await run { [office] in
            try Self.require(password, of: name)
            try office.setPassword(of: name, to: try .make(of: password), at: time)
        }
    }

    static func require(_ password: String, of name: String) throws {
        if let fault = PasswordRule.fault(of: password, userName: name) {
            throw OfficeError(
                .invalidUser, "the password is not taken: \(fault.text); choose another, such as four words that nobody guesses",
                fault.mistake)
        }
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
