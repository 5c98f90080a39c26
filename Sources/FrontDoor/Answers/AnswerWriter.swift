package import Attribution
package import NIOCore

/// Writes answers as HTTP/1 bytes into one buffer. One per event loop; it keeps the current date as bytes.
package struct AnswerWriter {
    private var date: [UInt8] = []
    private var dateSecond = Int64.min
    /// Scratch for a receipt's text.
    private var receiptText: [UInt8] = []

    package init() {
        receiptText.reserveCapacity(Receipt.textLength)
    }

    /// The date as HTTP/2 wants it.
    var dateText: String { String(decoding: date, as: UTF8.self) }

    /// Must be called before the first answer, and at least once a second.
    package mutating func tick(_ time: Timestamp) {
        guard time.seconds != dateSecond else { return }
        dateSecond = time.seconds
        date = time.httpDate
    }

    package mutating func write(
        _ reply: Reply, pages: @autoclosure () -> ErrorPages, isHealthy: @autoclosure () -> Bool, to buffer: inout ByteBuffer
    ) {
        switch reply.content {
        case .answer(.redirect(let status, let location)):
            writeRedirect(status: status, location: location, reply: reply, to: &buffer)
        case .proceed:
            buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        default:
            let page = Page.of(reply.content, receipt: reply.receipt, pages: pages(), isHealthy: isHealthy())
            writePage(page, reply: reply, to: &buffer)
        }
    }

    /// The hot path: no header is made as a String.
    private mutating func writeRedirect(status: Int, location: Location, reply: Reply, to buffer: inout ByteBuffer) {
        writeStatusLine(status, to: &buffer)
        buffer.writeStaticString("\r\nCache-Control: no-store\r\nContent-Length: 0\r\n")
        writeConnection(reply.persistence, to: &buffer)
        if let receipt = reply.receipt {
            receiptText.removeAll(keepingCapacity: true)
            receipt.appendText(to: &receiptText)
            buffer.writeStaticString("Porter-Receipt: ")
            buffer.writeBytes(receiptText)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("Location: ")
        buffer.writeBytes(location.bytes)
        buffer.writeStaticString("\r\n\r\n")
    }

    private func writePage(_ page: Page, reply: Reply, to buffer: inout ByteBuffer) {
        writeStatusLine(page.status, to: &buffer)
        buffer.writeStaticString("\r\n")
        for field in page.fields {
            buffer.writeString(field.name)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
        writeConnection(reply.persistence, to: &buffer)
        // A 204 has no length (RFC 9110, section 8.6).
        if page.status != 204 {
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(page.body.count))
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("\r\n")
        if !reply.isHead { buffer.writeBytes(page.body) }
    }

    /// The status line and `Date`, without the latter's line end.
    private func writeStatusLine(_ status: Int, to buffer: inout ByteBuffer) {
        switch status {
        case 302: buffer.writeStaticString("HTTP/1.1 302 Found\r\nDate: ")
        default:
            buffer.writeStaticString("HTTP/1.1 ")
            buffer.writeString(String(status))
            buffer.writeStaticString(" ")
            buffer.writeStaticString(StatusLine.reason(of: status))
            buffer.writeStaticString("\r\nDate: ")
        }
        buffer.writeBytes(date)
    }

    private func writeConnection(_ persistence: MessageFraming.Persistence, to buffer: inout ByteBuffer) {
        switch persistence {
        case .stays: break
        case .staysWhenSaid: buffer.writeStaticString("Connection: keep-alive\r\n")
        case .ends: buffer.writeStaticString("Connection: close\r\n")
        }
    }
}
