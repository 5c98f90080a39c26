import Attribution
import Office
import Testing

@testable import Subscriptions

@Suite("The provider's signature")
struct SignatureTests {
    private static let now = Timestamp(rfc3339: "2016-10-05T08:00:00Z")!
    private static let hex = String(repeating: "0a", count: 32)

    private func signature(_ time: String, _ hex: String = Self.hex) throws -> ProviderSignature {
        try ProviderSignature(time: time, signature: hex, path: "/api/v1/subscriptions", body: Array("{}".utf8), now: Self.now)
    }

    @Test("is over the time as it was sent, the path and the body")
    func message() throws {
        let signature = try signature("2016-10-05T08:00:00Z")
        #expect(String(decoding: signature.message, as: UTF8.self) == "2016-10-05T08:00:00Z\n/api/v1/subscriptions\n{}")
        #expect(signature.code == [UInt8](repeating: 10, count: 32))
    }

    @Test("holds for 300 s, before and after")
    func tolerance() throws {
        for time in ["2016-10-05T07:55:00Z", "2016-10-05T08:05:00Z"] { _ = try signature(time) }
        for time in ["2016-10-05T07:54:59Z", "2016-10-05T08:05:01Z", "2015-10-05T08:00:00Z"] {
            #expect(throws: ProviderSignature.Fault.stale) { try signature(time) }
        }
    }

    @Test("is 64 hexadecimal digits")
    func malformed() throws {
        for hex in ["", "0a", String(repeating: "0", count: 63) + "g", Self.hex + "0a"] {
            #expect(throws: ProviderSignature.Fault.malformed) { try signature("2016-10-05T08:00:00Z", hex) }
        }
        #expect(throws: ProviderSignature.Fault.malformed) { try signature("yesterday") }
    }
}
