import Foundation
import NIOCore
import Testing

@testable import BackOffice

@Suite("Forms with a file")
struct MultipartFormTests {
    private func read(_ text: String, boundary: String = "b") throws -> [String: MultipartForm.Part] {
        try MultipartForm(ByteBuffer(string: text).readableBytesView, boundary: boundary).parts
    }

    private func text(_ part: MultipartForm.Part?) -> String? { part.map { String(decoding: $0.content, as: UTF8.self) } }

    @Test("fields and a file are read, byte by byte as they are")
    func whole() throws {
        let parts = try read(
            "--b\r\nContent-Disposition: form-data; name=\"form-token\"\r\n\r\nabc\r\n"
                + "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a%22b\\c.csv\"\r\nContent-Type: text/csv\r\n\r\n"
                + "id,name\r\n--B is no end\r\n--\r\n\r\r\n--b\r\n"
                + "Content-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--b--\r\n")
        #expect(parts.keys.sorted() == ["empty", "file", "form-token"])
        #expect(text(parts["form-token"]) == "abc" && parts["form-token"]?.fileName == nil)
        #expect(parts["file"]?.fileName == "a\"b\\c.csv")
        #expect(text(parts["file"]) == "id,name\r\n--B is no end\r\n--\r\n\r")
        #expect(text(parts["empty"]) == "")
    }

    @Test(
        "what no browser sends is refused",
        arguments: [
            "", "--", "--b", "--b\r\n", "x--b--", "\r\n--b--", "--b-- \r\n", "--b--\r\n\r\n", "--b\n--b--",
            "--b\r\n\r\nx\r\n--b--", "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"a\"x\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--bx\r\n--b--",
            "--b\r\nContent-Disposition form-data\r\n\r\nx\r\n--b--",
        ])
    func refused(text: String) {
        #expect(throws: MultipartForm.Fault.self) { try read(text) }
    }

    @Test("a field stands there once, fields are few, and the lines above them short")
    func bounds() {
        func field(_ name: String, more: String = "") -> String {
            "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\(more)\r\nx\r\n"
        }
        #expect(throws: MultipartForm.Fault.self) { try read(field("a") + field("a") + "--b--") }
        #expect(throws: Never.self) { try read((0..<20).map { field("\($0)") }.joined() + "--b--") }
        #expect(throws: MultipartForm.Fault.self) { try read((0..<21).map { field("\($0)") }.joined() + "--b--") }
        let long = "X: " + String(repeating: "x", count: 4_096) + "\r\n"
        #expect(throws: MultipartForm.Fault.self) { try read(field("a", more: long) + "--b--") }
        var bytes = ByteBuffer(string: "--b\r\nContent-Disposition: form-data; name=\"")
        bytes.writeBytes([0xFF, 0xFE])
        bytes.writeString("\"\r\n\r\nx\r\n--b--")
        #expect(throws: MultipartForm.Fault.self) { try MultipartForm(bytes.readableBytesView, boundary: "b") }
    }

    @Test(
        "the boundary is what the content type says",
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"), ("Multipart/Form-Data;Boundary=\"a:b\"", "a:b"),
            ("multipart/form-data; charset=utf-8; boundary=----WebKitFormBoundary7MA4YWxk", "----WebKitFormBoundary7MA4YWxk"),
            ("multipart/form-data", nil), ("multipart/mixed; boundary=abc", nil), ("text/csv", nil), ("", nil),
            ("multipart/form-data; boundary=", nil), ("multipart/form-data; boundary=a b", nil),
            ("multipart/form-data; boundary=a; boundary=b", nil), ("multipart/form-data; boundary=a\u{E9}", nil),
            ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), nil), (nil, nil),
        ] as [(String?, String?)])
    func boundaries(contentType: String?, expected: String?) {
        #expect(MultipartForm.boundary(in: contentType) == expected)
    }

    @Test("of any bytes nothing worse comes than a refusal")
    func anyBytes() throws {
        let whole = Array(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\n\r\nid,name\r\n1,A\r\n--b--\r\n".utf8)
        var generator = SystemRandomNumberGenerator()
        for length in 0...whole.count {
            var bytes = Array(whole.prefix(length))
            for _ in 0..<3 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            // A view that does not begin at 0, as those of bodies need not.
            var buffer = ByteBuffer(bytes: [0x0D, 0x0A] + bytes)
            buffer.moveReaderIndex(forwardBy: 2)
            _ = try? MultipartForm(buffer.readableBytesView, boundary: "b")
            if length < whole.count - 2 {
                #expect(throws: MultipartForm.Fault.self) {
                    try MultipartForm(ByteBuffer(bytes: whole.prefix(length)).readableBytesView, boundary: "b")
                }
            }
        }
    }
}
