import SeededRandomness
import Testing

@testable import FrontDoor

@Suite("Runs of bytes")
struct ByteRunsTests {
    /// Mostly letters, so that runs are long, with every byte that could be mistaken in between.
    private static func bytes(_ generator: inout SplitMix64) -> [UInt8] {
        (0..<Int.random(in: 0...40, using: &generator)).map { _ in
            switch Int.random(in: 0..<24, using: &generator) {
            case 0: UInt8.random(in: .min ... .max, using: &generator)
            case 1: [0x00, 0x08, 0x09, 0x1F, 0x20, 0x21, 0x7E, 0x7F, 0x80, 0x9F, 0xFF].randomElement(using: &generator) ?? 0
            default: UInt8.random(in: UInt8(ascii: "a")...UInt8(ascii: "z"), using: &generator)
            }
        }
    }

    @Test("end where the first byte of another class stands", arguments: 0..<20)
    func ends(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<1_000 {
            let bytes = Self.bytes(&generator)
            let start = Int.random(in: 0...bytes.count, using: &generator)
            bytes.withUnsafeBytes { run in
                let value = bytes[start...].firstIndex { !$0.isFieldValue } ?? bytes.count
                #expect(run.firstControl(from: start, below: 0x20) == value, "\(bytes) from \(start)")
                let target = bytes[start...].firstIndex { !$0.isTarget } ?? bytes.count
                #expect(run.firstControl(from: start, below: 0x21) == target, "\(bytes) from \(start)")
                let token = bytes[start...].firstIndex { !$0.isToken } ?? bytes.count
                #expect(run.firstNoToken(from: start) == token, "\(bytes) from \(start)")
            }
        }
    }

    @Test("have RFC 9110's bytes of a token")
    func tokens() {
        let others = Set("!#$%&'*+-.^_`|~".utf8)
        for byte in UInt8.min ... .max {
            let isAlphanumeric =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            #expect(byte.isToken == (isAlphanumeric || others.contains(byte)), "\(byte)")
        }
    }

    @Test("are found in lists, whatever stands around them")
    func listElements() {
        let lists: [(text: String, isThere: Bool)] = [
            ("close", true), ("Close", true), (" \tclose ", true), ("keep-alive, close", true), ("close,keep-alive", true),
            (",,close,", true), ("", false), (",", false), ("closed", false), ("clos", false), ("close d", false),
            ("keep-alive", false),
        ]
        for list in lists {
            #expect(Array(list.text.utf8)[...].hasListElement("close") == list.isThere, "\(list.text)")
            #expect(Array("xx\(list.text)".utf8)[2...].hasListElement("close") == list.isThere, "\(list.text)")
        }
    }
}
