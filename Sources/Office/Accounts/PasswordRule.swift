/// Which passwords are taken (NIST SP 800-63B, section 5.1.1.2: long, not commonly used, no rules of composition).
package enum PasswordRule {
    package static let minimumCharacters = 12
    /// Longer ones would only cost time to hash.
    package static let maximumBytes = 1_024
    /// What a password consists of must not be a pattern of so few different characters.
    private static let minimumDistinctCharacters = 5

    /// What is wrong with a password.
    package struct Fault: Sendable {
        /// As a clause.
        package let text: String
        package let mistake: Mistake
    }

    /// - Returns: nil when the password is taken.
    package static func fault(of password: String, userName: String) -> Fault? {
        if password.count < minimumCharacters {
            return Fault(
                text: "it has fewer than \(minimumCharacters) characters",
                mistake: Mistake(.passwordShort, "\(minimumCharacters)"))
        }
        if password.utf8.count > maximumBytes {
            return Fault(text: "it has more than \(maximumBytes) bytes", mistake: Mistake(.passwordLong, "\(maximumBytes)"))
        }
        let plain = plainForm(password)
        if Set(plain).count < minimumDistinctCharacters {
            return Fault(text: "it consists of very few different characters", mistake: Mistake(.passwordUniform))
        }
        if isRun(Array(password.lowercased())) {
            return Fault(text: "it is a run of the alphabet, of digits or of the keyboard", mistake: Mistake(.passwordRun))
        }
        if consistsOfCommonWords(plain, and: plainForm(userName)) {
            return Fault(text: "it is one of the passwords that are tried first", mistake: Mistake(.passwordCommon))
        }
        return nil
    }

    /// Lower case, with what is usually written for a letter taken back to it.
    private static func plainForm(_ text: String) -> [Character] {
        text.lowercased().map { replacements[$0] ?? $0 }
    }

    private static let replacements: [Character: Character] = [
        "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t",
    ]

    /// Whether nearly every character follows the one before it on the keyboard, in the alphabet or in the row of digits.
    private static func isRun(_ characters: [Character]) -> Bool {
        let neighbours = zip(characters, characters.dropFirst()).filter { pair in
            rows.contains { row in
                guard let first = row.firstIndex(of: pair.0), let second = row.firstIndex(of: pair.1) else { return false }
                return abs(first - second) <= 1
            }
        }
        return neighbours.count * 4 >= (characters.count - 1) * 3
    }

    private static let rows: [[Character]] = [
        "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm",
        "azertyuiop", "qsdfghjklm", "wxcvbn",
        // Columns of the keyboard, down one by one, down and up again, and two rows by turns.
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "zaq12wsxcde34rfvbgt56yhnmju78ik", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
        "qazwsxedcrfvtgbyhnujmik", "qawsedrftgyhujikolp",
    ].map(Array.init)

    /// Whether nothing but common words, the user's name, years and punctuation is left of it.
    private static func consistsOfCommonWords(_ plain: [Character], and name: [Character]) -> Bool {
        let names = name.split { !$0.isLetter && !$0.isNumber }.filter { $0.count >= 3 }.map { String($0) }
        var rest = String(plain)
        for word in (commonWords.map { String(plainForm($0)) } + names).sorted(by: { $0.count > $1.count }) {
            rest = rest.replacing(word, with: " ")
        }
        // What is left after the words: digits and signs put behind them, as everybody does.
        let left = rest.filter { $0.isLetter && !digitLetters.contains($0) }
        return left.isEmpty && rest.contains(" ")
    }

    /// Letters that ``plainForm(_:)`` makes of digits: a year behind a word turns into them.
    private static let digitLetters: Set<Character> = ["a", "e", "i", "o", "s", "t"]

    /// The words that passwords of twelve characters and more are most often put together from in published lists of leaked
    /// ones, and those that stand nearest here.
    private static let commonWords = [
        "password", "passwort", "motdepasse", "contrasena", "passphrase", "pass", "word", "secret", "geheim", "letmein",
        "welcome",
        "willkommen", "bienvenue", "admin", "administrator", "root", "user", "login", "signin", "master", "default", "changeme",
        "change", "test", "testing", "demo", "sample", "example", "guest", "temp", "temporary", "hello", "iloveyou", "love",
        "you",
        "monkey", "dragon", "football", "baseball", "soccer", "princess", "sunshine", "superman", "batman", "starwars", "pokemon",
        "michael", "jordan", "ashley", "charlie", "summer", "winter", "spring", "autumn", "january", "february", "march", "april",
        "june", "july", "august", "september", "october", "november", "december", "monday", "friday", "sunday", "qwerty",
        "qwertz",
        "azerty", "qwertyuiop", "asdfgh", "asdfghjkl", "zxcvbn", "zxcvbnm", "abc", "abcd", "abcdef", "abcdefgh", "trustno",
        "whatever",
        "freedom", "computer", "internet", "microsoft", "windows", "server", "essentials", "office", "partner", "signup",
        "porter",
        "gateway", "correcthorsebatterystaple", "correct", "horse", "battery", "staple", "company", "business", "the", "and",
        "my", "is",
        "this", "new", "one", "two", "three",
    ]
}
