/// One argument on a command line of Windows.
enum WindowsArgument {
    /// In quotes, as `CommandLineToArgvW` and the C library of Windows read it back: backslashes count only before a quotation
    /// mark, where each is written twice ("Parsing C Command-Line Arguments", Microsoft C++ documentation).
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        var backslashes = 0
        for scalar in text.unicodeScalars {
            if scalar == "\\" {
                backslashes += 1
                continue
            }
            let doubled = scalar == "\"" ? 2 * backslashes + 1 : backslashes
            quoted += String(repeating: "\\", count: doubled)
            quoted.unicodeScalars.append(scalar)
            backslashes = 0
        }
        return quoted + String(repeating: "\\", count: 2 * backslashes) + "\""
    }
}
