import Foundation
import Testing

@testable import Subscriptions

@Suite("Transfer encodings")
struct TransferEncodingTests {
    @Test("follow the text: what is mostly ASCII stays legible")
    func choice() {
        #expect(TransferEncoding(for: "Added as partner of record") == .quotedPrintable)
        #expect(TransferEncoding(for: "Vous avez été ajouté comme partenaire référent d’un abonnement.") == .quotedPrintable)
        #expect(TransferEncoding(for: "登録パートナー") == .base64)
        #expect(TransferEncoding(for: "") == .quotedPrintable)
    }

    @Test("quote what could be changed on the way")
    func quoted() {
        #expect(
            TransferEncoding.quotedPrintable.lines(of: "a=b é\ttab \nFrom here\n.\n.x\n") == [
                "a=3Db =C3=A9\ttab=20", "=46rom here", "=2E", "=2Ex", "",
            ])
    }

    @Test("have no line over 76 characters, and none that ends in white space", arguments: [74, 75, 76, 77, 151, 300])
    func lengths(count: Int) {
        for unit in ["a", " ", "é", "=", "a ", "."] {
            let lines = TransferEncoding.quotedPrintable.lines(of: String(repeating: unit, count: count))
            #expect(lines.allSatisfy { $0.utf8.count <= 76 && $0.last != " " }, "\(unit)")
            #expect(lines.dropLast().allSatisfy { $0.last == "=" }, "\(unit)")
        }
        let lines = TransferEncoding.base64.lines(of: String(repeating: "登", count: count))
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
    }

    @Test("as base64 have line ends as they are on the wire")
    func canonical() {
        #expect(TransferEncoding.base64.lines(of: "a\nb\n") == [Data("a\r\nb\r\n".utf8).base64EncodedString()])
    }
}
