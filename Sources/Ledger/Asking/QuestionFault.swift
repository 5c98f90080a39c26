/// What is wrong with a question to the ledger, as somebody wrote it: on the command line, in a URL or in a form.
package struct QuestionFault: Error, Equatable, Sendable {
    /// Which part of the question: `since`, `partner`, `by`. Commands write `--` in front.
    package let name: String
    /// What is wrong and what is expected, as the rest of a sentence that begins with the name.
    package let problem: String

    package init(_ name: String, _ problem: String) {
        self.name = name
        self.problem = problem
    }

    init(_ name: String, is text: String, expected: String) {
        self.init(name, "is \"\(TerminalText.escaped(text))\", expected \(expected)")
    }
}
