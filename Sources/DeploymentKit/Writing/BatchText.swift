/// Text in a batch file, which cmd.exe reads before the program does.
enum BatchText {
    /// What cmd.exe would take for its own outside of quotes.
    private static let marks = Set("\"&|<>^()!".unicodeScalars)

    /// One argument of a program, as it arrives whole.
    ///
    /// cmd.exe replaces `%…%` even in quotes, where nothing but a second `%` keeps it from doing so. A quotation mark within the
    /// text ends what cmd.exe takes for quoted: then a caret stands before every mark, and cmd.exe never sees a quotation begin.
    static func argument(_ text: String) -> String {
        let argument = WindowsArgument.quoted(text).replacing("%", with: "%%")
        guard text.unicodeScalars.contains("\"") else { return argument }
        var escaped = ""
        for scalar in argument.unicodeScalars {
            if marks.contains(scalar) { escaped += "^" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}
