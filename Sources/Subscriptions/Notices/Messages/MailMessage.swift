import Attribution

/// One message to one address: the same text twice, plain and as HTML, of which the reader's program shows one
/// (`multipart/alternative`, RFC 2046 section 5.1.4). Its bytes depend on nothing else, so that two attempts send the same.
struct MailMessage: Sendable {
    let from: Mailbox
    let replyTo: Mailbox?
    let recipient: MailAddress
    let subject: String
    let date: Timestamp
    let id: MessageID
    /// A language tag (RFC 3282).
    let language: String
    /// Lines end in `\n`, as they do in ``html``.
    let text: String
    let html: String

    /// No line of either encoding can have `=_` (RFC 2045 section 6.7).
    private static let boundary = "=_porter_notice"

    /// ASCII lines without their ends, none longer than 998 (RFC 5322 section 2.1.1).
    var lines: [String] {
        var lines = headers.flatMap(\.lines)
        lines.append("")
        for (type, content) in [("text/plain", text), ("text/html", html)] {
            lines.append("--" + Self.boundary)
            lines += Self.part(type, content)
        }
        lines.append("--" + Self.boundary + "--")
        return lines
    }

    /// - Parameter lineEnd: CRLF on the wire; what is handed to a program on this machine has the machine's own, which the mail
    ///   system makes CRLF.
    func bytes(lineEnd: String) -> [UInt8] { lines.flatMap { Array(($0 + lineEnd).utf8) } }

    private var headers: [HeaderField] {
        var headers = [HeaderField("From", from)]
        if let replyTo { headers.append(HeaderField("Reply-To", replyTo)) }
        return headers + [
            HeaderField("To", words: [recipient.description]),
            HeaderField("Subject", text: subject),
            HeaderField("Date", words: date.rfc5322.split(separator: " ").map(String.init)),
            HeaderField("Message-ID", words: [id.description]),
            // RFC 3834 section 5.2: nobody's absence is answered to it.
            HeaderField("Auto-Submitted", words: ["auto-generated"]),
            HeaderField("Content-Language", words: [language]),
            HeaderField("MIME-Version", words: ["1.0"]),
            HeaderField("Content-Type", words: ["multipart/alternative;", "boundary=\"\(Self.boundary)\""]),
        ]
    }

    private static func part(_ type: String, _ text: String) -> [String] {
        let encoding = TransferEncoding(for: text)
        return ["Content-Type: \(type); charset=utf-8", "Content-Transfer-Encoding: \(encoding.rawValue)", ""]
            + encoding.lines(of: text) + [""]
    }
}
