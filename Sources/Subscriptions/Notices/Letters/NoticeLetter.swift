import Attribution

/// A notice in words. It says what the change was, to which subscription and when: no more than the partner is told by mail
/// (support articles 3185444 and 3185425), and not who the customer is.
struct NoticeLetter: Sendable {
    let subject: String
    /// Lines end in `\n`.
    let text: String
    let html: String

    /// - Parameter takesReplies: whether the operator reads what is answered.
    init(_ notice: Notice, _ texts: NoticeTexts, takesReplies: Bool) {
        let words = Self.words(of: notice)
        func line(_ sentence: NoticeSentence) -> String { texts.line(sentence, words) }
        let facts: [NoticeSentence] = [.partner, .subscription, .product, .time]
        let closing: [NoticeSentence] = takesReplies ? [.scope, .reply, .automatic] : [.scope, .automatic]
        let happened = line(notice.kind == .added ? .added : .removed)
        subject = line(notice.kind == .added ? .subjectAdded : .subjectRemoved)
        var lines = [happened, ""]
        lines += facts.map(line)
        lines.append("")
        lines += closing.map(line)
        text = lines.map { $0 + "\n" }.joined()
        html = Self.page(
            language: texts.language.tag, title: subject, opening: happened, facts: facts.map(line), closing: closing.map(line))
    }

    private static func words(of notice: Notice) -> [NoticePlace: String] {
        [
            .id: notice.partner.description,
            .subscription: MailText.line(notice.subscription),
            .product: MailText.line(notice.product),
            .time: minute(notice.time),
        ]
    }

    /// `2016-10-03 08:09`, which every language reads the same way; the sentences say that it is UTC.
    private static func minute(_ time: Timestamp) -> String {
        String(time.description.prefix(16)).replacing("T", with: " ")
    }

    /// No picture, no style, nothing from elsewhere: the page looks as its reader's mail program likes, and tells nobody that it was
    /// read.
    private static func page(language: String, title: String, opening: String, facts: [String], closing: [String]) -> String {
        let items = facts.map { "<li>\(MarkupText.escaped($0))</li>\n" }.joined()
        let paragraphs = closing.map { "<p>\(MarkupText.escaped($0))</p>\n" }.joined()
        return """
            <!DOCTYPE html>
            <html lang="\(language)">
            <head><meta charset="utf-8"><title>\(MarkupText.escaped(title))</title></head>
            <body>
            <p>\(MarkupText.escaped(opening))</p>
            <ul>
            \(items)</ul>
            \(paragraphs)</body>
            </html>

            """
    }
}
