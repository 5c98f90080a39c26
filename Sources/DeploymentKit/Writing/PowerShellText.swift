/// Text in a PowerShell script.
enum PowerShellText {
    /// A literal in single quotes, in which `$` and the backtick mean themselves. PowerShell takes the typographic single quotes
    /// for the straight one (about_Quoting_Rules), so all of them are doubled.
    static func literal(_ text: String) -> String {
        var literal = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'", "\u{2018}"..."\u{201B}": literal.unicodeScalars.append(scalar)
            default: break
            }
            literal.unicodeScalars.append(scalar)
        }
        return literal + "'"
    }
}
