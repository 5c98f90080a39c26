import Attribution
import Crypto
import Foundation
import Testing

@testable import Office

@Suite("The provider's role and signature")
struct ProviderTests {
    private let office: Office

    init() throws { office = try Office.empty() }

    private func code(_ message: String, _ secret: Secret) -> [UInt8] {
        let key = SymmetricKey(data: Data(SHA256.hash(data: Data(secret.text.utf8))))
        return Array(HMAC<SHA256>.authenticationCode(for: Data(message.utf8), using: key))
    }

    private func signer(_ message: String, _ code: [UInt8], at time: Timestamp = Moment.second) throws -> Int64? {
        try office.providerToken(signing: Array(message.utf8), signature: code, at: time)?.id
    }

    @Test("a role may do nothing that another one may, and is none of a person")
    func role() throws {
        for other in Role.allCases where other != .provider { #expect(Role.provider < other) }
        #expect(!Role.ofUsers.contains(.provider))
        let hash = PasswordHash(text: "x")
        let refused = #expect(throws: OfficeError.self) {
            try office.addUser(name: "petra", role: .provider, password: hash, by: .anna, at: Moment.first)
        }
        #expect(refused?.code == .invalidUser)
        try office.addUser(name: "petra", role: .admin, password: hash, by: .anna, at: Moment.first)
        try office.addUser(name: "paul", role: .admin, password: hash, by: .anna, at: Moment.first)
        #expect(throws: OfficeError.self) {
            try office.changeUser("petra", by: .anna, at: Moment.first) { $0.role = .provider }
        }
        #expect(try office.user(named: "petra")?.role == .admin)
    }

    @Test("a message is signed by the SHA-256 of a token of the role that is in force, and by nothing else")
    func signature() throws {
        let (first, secret) = try office.createToken(name: "one", role: .provider, by: .anna, at: Moment.first)
        let (second, other) = try office.createToken(name: "two", role: .provider, days: 40, by: .anna, at: Moment.first)
        let (_, admin) = try office.createToken(name: "three", role: .admin, by: .anna, at: Moment.first)
        let message = "2016-11-03T08:00:00Z\nPOST /api/v1/subscriptions\n{}"
        #expect(try signer(message, code(message, secret)) == first.id)
        #expect(try signer(message, code(message, other)) == second.id)
        #expect(try signer(message, code(message, admin)) == nil)
        #expect(try signer(message + " ", code(message, secret)) == nil)
        #expect(try signer(message, Array(code(message, secret).dropLast())) == nil)
        // It is over after 40 days.
        #expect(try signer(message, code(message, other), at: Moment.third) == nil)
        #expect(try office.tokens().first { $0.id == first.id }?.lastUsedAt == Moment.second)
        try office.revokeToken(first.id, by: .anna, at: Moment.second)
        #expect(try signer(message, code(message, secret)) == nil)
    }
}
