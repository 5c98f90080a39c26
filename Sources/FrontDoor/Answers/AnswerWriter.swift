package import Attribution
package import NIOCore

/// Writes answers as HTTP/1 bytes into one buffer. One per event loop; it keeps the current date as bytes.
package struct AnswerWriter {
    private var date: [UInt8] = []
    private var dateSecond = Int64.min
    /// What every redirect with status 302 begins with, the present date included.
    private var foundHead: [UInt8] = []
    /// Scratch for one redirect, which goes into the buffer as a whole.
    private var redirect: [UInt8] = []
    /// What ``written(_:pages:isHealthy:)`` has written. One buffer for all connections of the loop: what one of them is sent has
    /// left before the next is; where a socket takes nothing more, the buffer is left to it.
    private var output = ByteBufferAllocator().buffer(capacity: outputBytes)

    /// The longest of nearly all redirects: the destination's own parameters may have as much again.
    private static let usualRedirectBytes = 1_024
    /// Several pipelined redirects.
    private static let outputBytes = 4_096

    package init() {
        redirect.reserveCapacity(Self.usualRedirectBytes)
    }

    /// The date as HTTP/2 wants it.
    var dateText: String { String(decoding: date, as: UTF8.self) }

    /// Must be called before the first answer, and at least once a second.
    package mutating func tick(_ time: Timestamp) {
        guard time.seconds != dateSecond else { return }
        dateSecond = time.seconds
        date = time.httpDate
        foundHead = redirectHead(status: 302)
    }

    /// Writes the replies that `next` gives, until it gives none; nil when there are none.
    mutating func written(
        _ next: () -> Reply?, pages: @autoclosure () -> ErrorPages, isHealthy: @autoclosure () -> Bool
    ) -> ByteBuffer? {
        var answers = exchange(&output, with: ByteBuffer())
        answers.clear()
        while let reply = next() { write(reply, pages: pages(), isHealthy: isHealthy(), to: &answers) }
        output = answers
        return answers.readableBytes > 0 ? answers : nil
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
            let page = Page.of(
                reply.content, receipt: reply.receipt, wishes: reply.wishes, pages: pages(), isHealthy: isHealthy())
            writePage(page, reply: reply, to: &buffer)
        }
    }

    /// The hot path: pieces are appended as they are, and nothing is made as a String.
    private mutating func writeRedirect(status: Int, location: Location, reply: Reply, to buffer: inout ByteBuffer) {
        redirect.removeAll(keepingCapacity: true)
        redirect += status == 302 ? foundHead : redirectHead(status: status)
        redirect += Self.connectionField(reply.persistence).bytes
        if let receipt = reply.receipt {
            redirect += ("Porter-Receipt: " as StaticString).bytes
            receipt.appendText(to: &redirect)
            redirect += ("\r\n" as StaticString).bytes
        }
        redirect += ("Location: " as StaticString).bytes
        redirect += location.bytes
        redirect += ("\r\n\r\n" as StaticString).bytes
        buffer.writeBytes(redirect)
    }

    /// Everything of a redirect that does not depend on the request.
    private func redirectHead(status: Int) -> [UInt8] {
        statusLine(status) + ("\r\nCache-Control: no-store\r\nContent-Length: 0\r\n" as StaticString).bytes
    }

    private func writePage(_ page: Page, reply: Reply, to buffer: inout ByteBuffer) {
        buffer.writeBytes(statusLine(page.status))
        buffer.writeStaticString("\r\n")
        for field in page.fields {
            buffer.writeString(field.name)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString(Self.connectionField(reply.persistence))
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
    private func statusLine(_ status: Int) -> [UInt8] {
        Array("HTTP/1.1 \(status) \(StatusLine.reason(of: status))\r\nDate: ".utf8) + date
    }

    private static func connectionField(_ persistence: MessageFraming.Persistence) -> StaticString {
        switch persistence {
        case .stays: ""
        case .staysWhenSaid: "Connection: keep-alive\r\n"
        case .ends: "Connection: close\r\n"
        }
    }
}
